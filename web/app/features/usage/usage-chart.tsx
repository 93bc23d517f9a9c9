import { scaleBand, scaleLinear } from "d3-scale";
import { useId } from "react";
import { classNames } from "../../ui/class-names.ts";
import type { UsageSeries } from "./usage-series.ts";
import { dayText, numberText } from "./usage-text.ts";

const height = 200;
const edge = { top: 8, bottom: 24, left: 44 };
/** The first models have a colour of their own; all others share the last one. */
const colorCount = 5;

/**
 * A stacked chart of tokens by day and model. The table below has the same data for screen readers.
 */
export function UsageChart({ series }: { series: UsageSeries }) {
  return (
    <figure>
      {/* One plot per width: a single one, scaled down, would be unreadable on a phone. */}
      <Plot series={series} width={340} labelCount={5} className="sm:hidden" />
      <Plot series={series} width={600} labelCount={7} className="max-sm:hidden" />
      <figcaption>
        <ul aria-label="Models" className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {series.models.map((model, index) => (
            <li key={model} className="flex items-center gap-2 wrap-anywhere">
              <span
                aria-hidden
                className="size-2.5 shrink-0 rounded-xs"
                style={{ background: colorOf(index) }}
              />
              {model}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

interface PlotProps {
  readonly series: UsageSeries;
  /** In units of the SVG's view box, roughly pixels. */
  readonly width: number;
  /** Days with a label on the axis, at most. */
  readonly labelCount: number;
  readonly className: string;
}

function Plot({ series: { days }, width, labelCount, className }: PlotProps) {
  const titleId = useId();
  const most = Math.max(1, ...days.map(({ tokens }) => tokens));
  const y = scaleLinear([0, most], [height - edge.bottom, edge.top]).nice(4);
  const x = scaleBand(
    days.map(({ day }) => day),
    [edge.left, width],
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
        {`Tokens by day, up to ${numberText(most)} a day. See the table below for details.`}
      </title>
      {y.ticks(4).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={edge.left} x2={width} className="stroke-line" />
          <text x={edge.left - 8} dy="0.32em" textAnchor="end" className="fill-current text-[11px]">
            {numberText(tick, "compact")}
          </text>
        </g>
      ))}
      {days.map(({ day, tokens, tokensByModel }) => (
        <DayBar key={day} x={x(day) ?? 0} width={x.bandwidth()} y={y} tokens={tokensByModel}>
          {`${dayText(day)}: ${numberText(tokens)} tokens`}
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
  readonly y: (tokens: number) => number;
  readonly tokens: readonly number[];
  /** Shown as a tooltip. */
  readonly children: string;
}

function DayBar({ x, width, y, tokens, children }: DayBarProps) {
  let sum = 0;
  return (
    <g>
      <title>{children}</title>
      {tokens.map((count, index) => {
        const bottom = y(sum);
        sum += count;
        const top = y(sum);
        return count > 0 ? (
          <rect
            // The index identifies the model.
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
