import { type ReactNode, useId } from "react";
import { DayChart } from "../../usage/day-chart.tsx";
import type { DaySeries } from "../../usage/day-series.ts";
import { dayText, type NumberFormat } from "../../usage/usage-text.ts";
import { Cell, HeadCell, Table } from "./table.tsx";

interface ChartSectionProps {
  readonly title: string;
  readonly series: DaySeries;
  readonly format: NumberFormat;
  /** What the parts of a bar are. */
  readonly partsName: string;
  /** Replaces a chart without a number. */
  readonly empty: string;
  /** Follows the chart. */
  readonly children?: ReactNode;
}

/** A chart by day, with its numbers in a table that opens below. */
export function ChartSection(props: ChartSectionProps) {
  const { title, series, format, partsName, empty, children } = props;
  const titleId = useId();
  const isEmpty = series.days.every(({ total }) => total === 0);
  return (
    <section
      aria-labelledby={titleId}
      className="min-w-0 rounded-2xl border border-line bg-raised p-4 shadow-raised sm:p-6"
    >
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        {title}
      </h2>
      {isEmpty ? (
        <p className="mt-3 text-muted">{empty}</p>
      ) : (
        <div className="mt-4 grid grid-cols-1 gap-4">
          <DayChart {...{ series, title, format, partsName }} />
          <NumbersByDay {...{ title, series, format }} />
        </div>
      )}
      {children}
    </section>
  );
}

/** The numbers of the chart, newest day first. Days without any are left out. */
function NumbersByDay({
  title,
  series,
  format,
}: Pick<ChartSectionProps, "title" | "series" | "format">) {
  const days = series.days.filter(({ total }) => total > 0).toReversed();
  const hasTotal = series.parts.length > 1;
  return (
    <details>
      <summary className="min-h-8 cursor-pointer text-sm text-muted hover:text-ink">
        Show numbers
      </summary>
      <section
        aria-label={`${title}: numbers`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        className="mt-2 max-h-96 overflow-auto"
      >
        <Table
          caption={`${title} (UTC), newest first`}
          head={
            <>
              <HeadCell>Day</HeadCell>
              {series.parts.map((part) => (
                <HeadCell key={part} isNumber>
                  {part}
                </HeadCell>
              ))}
              {hasTotal && <HeadCell isNumber>Total</HeadCell>}
            </>
          }
        >
          {days.map(({ day, values, total }) => (
            <tr key={day}>
              <Cell className="whitespace-nowrap">{dayText(day)}</Cell>
              {values.map((value, place) => (
                <Cell key={series.parts[place]} isNumber>
                  {format.inTable(value)}
                </Cell>
              ))}
              {hasTotal && <Cell isNumber>{format.inTable(total)}</Cell>}
            </tr>
          ))}
        </Table>
      </section>
    </details>
  );
}
