import type { UsageOutput } from "api-worker/contracts/usage";
import type { ReactNode } from "react";
import { classNames } from "../../ui/class-names.ts";
import { DayChart } from "./day-chart.tsx";
import { SpanChoice } from "./span-choice.tsx";
import type { UsageSpan } from "./usage-days.ts";
import { usageSeries } from "./usage-series.ts";
import { UsageTable } from "./usage-table.tsx";
import { countFormat } from "./usage-text.ts";

interface UsageByDayProps {
  readonly usage: Pick<UsageOutput, "items" | "today">;
  readonly span: UsageSpan;
  /** Whether the usage is still that of another span. */
  readonly isPlaceholder: boolean;
  /** Whether the table says what answers have cost. */
  readonly showsCost?: boolean;
  /** Follows the sentence that there was no usage. */
  readonly children?: ReactNode;
}

/** The tokens of each day and model of a span, which can be chosen. */
export function UsageByDay({ usage, span, isPlaceholder, showsCost, children }: UsageByDayProps) {
  const { items, today } = usage;
  return (
    <section aria-labelledby="usage-by-day">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="usage-by-day" className="text-lg font-semibold tracking-tight">
          Tokens by day
        </h2>
        <SpanChoice span={span} />
      </div>
      {items.length === 0 ? (
        <p className="mt-4 text-muted">
          {`No usage in the last ${span} days.`}
          {children}
        </p>
      ) : (
        <div
          aria-busy={isPlaceholder}
          className={classNames("mt-4 grid grid-cols-1 gap-6", isPlaceholder && "opacity-60")}
        >
          <DayChart
            series={usageSeries(items, today.day, span)}
            title="Tokens by day"
            format={countFormat("tokens")}
            partsName="Models"
          />
          <UsageTable items={items} showsCost={showsCost} />
        </div>
      )}
    </section>
  );
}
