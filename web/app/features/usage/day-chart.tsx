import { scaleBand, scaleLinear } from "d3-scale";
import { useId } from "react";
import { classNames } from "../../ui/class-names.ts";
import type { DaySeries } from "./day-series.ts";
import { dayText, type NumberFormat } from "./usage-text.ts";

const height = 200;
const edge = { top: 8, bottom: 24, left: 44 };
/** Of the labels of an axis. */
const letterWidth = 6.5;
/** The first parts have a colour of their own; all others share the last one. */
const colorCount = 5;

interface DayChartProps {
  readonly series: DaySeries;
  /** What the chart shows: "Tokens by day". */
  readonly title: string;
  readonly format: NumberFormat;
  /** What the parts of a bar are: "Models". */
  readonly partsName: string;
}

/** A stacked chart of numbers by day. A table beside it has the same data for screen readers. */
export function DayChart({ series, title, format, partsName }: DayChartProps) {
  const plot = { series, title, format };
  return (
    <figure>
      {/* One plot per width: a single one, scaled down, would be unreadable on a phone. */}
      <Plot {...plot} width={340} labelCount={5} className="sm:hidden" />
      <Plot {...plot} width={600} labelCount={7} className="max-sm:hidden" />
      <figcaption>
        <ul aria-label={partsName} className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {series.parts.map((part, index) => (
            <li key={part} className="flex items-center gap-2 wrap-anywhere">
              <span
                aria-hidden
                className="size-2.5 shrink-0 rounded-xs"
                style={{ background: colorOf(index) }}
              />
              {part}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

interface PlotProps extends Pick<DayChartProps, "series" | "title" | "format"> {
  /** In units of the SVG's view box, roughly pixels. */
  readonly width: number;
  /** Days with a label on the axis, at most. */
  readonly labelCount: number;
  readonly className: string;
}

function Plot({ series: { days }, title, format, width, labelCount, className }: PlotProps) {
  const titleId = useId();
  const most = Math.max(1, ...days.map(({ total }) => total));
  const y = scaleLinear([0, most], [height - edge.bottom, edge.top]).nice(4);
  const ticks = y.ticks(4).map((tick) => ({ tick, label: format.onAxis(tick) }));
  const left = Math.max(edge.left, ...ticks.map(({ label }) => label.length * letterWidth + 10));
  const x = scaleBand(
    days.map(({ day }) => day),
    [left, width],
  ).padding(days.length > 40 ? 0.15 : 0.3);
  const labelEvery = Math.ceil(days.length / labelCount);
  const labelled = days.filter((_, index) => (days.length - 1 - index) % labelEvery === 0);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby={titleId}
      className={classNames("h-auto w-full text-muted", className)}
    >
      <title id={titleId}>
        {`${title}, up to ${format.inSentence(most)}. See the table below for details.`}
      </title>
      {ticks.map(({ tick, label }) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={left} x2={width} className="stroke-line" />
          <text x={left - 8} dy="0.32em" textAnchor="end" className="fill-current text-[11px]">
            {label}
          </text>
        </g>
      ))}
      {days.map(({ day, total, values }) => (
        <DayBar key={day} x={x(day) ?? 0} width={x.bandwidth()} y={y} values={values}>
          {`${dayText(day)}: ${format.inSentence(total)}`}
        </DayBar>
      ))}
      {labelled.map(({ day }) => {
        const middle = (x(day) ?? 0) + x.bandwidth() / 2;
        const isAtEdge = middle > width - 20;
        return (
          <text
            key={day}
            x={isAtEdge ? width : middle}
            y={height - 6}
            textAnchor={isAtEdge ? "end" : "middle"}
            className="fill-current text-[11px]"
          >
            {dayText(day, "short")}
          </text>
        );
      })}
    </svg>
  );
}

interface DayBarProps {
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
  readonly values: readonly number[];
  /** Shown as a tooltip. */
  readonly children: string;
}

function DayBar({ x, width, y, values, children }: DayBarProps) {
  let sum = 0;
  return (
    <g>
      <title>{children}</title>
      {values.map((value, index) => {
        const bottom = y(sum);
        sum += value;
        const top = y(sum);
        return value > 0 ? (
          <rect
            // The index identifies the part.
            key={`${colorOf(index)}-${index}`}
            x={x}
            y={top}
            width={width}
            height={Math.max(0, bottom - top)}
            rx={Math.min(2, width / 4)}
            style={{ fill: colorOf(index) }}
          />
        ) : null;
      })}
      {/* A target as high as the plot, because a low bar is hard to point at. */}
      <rect
        x={x}
        y={edge.top}
        width={width}
        height={height - edge.top - edge.bottom}
        fill="transparent"
      />
    </g>
  );
}

function colorOf(index: number): string {
  return `var(--chart-${Math.min(index, colorCount - 1) + 1})`;
}
