export interface DayValues {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  /** In the order of `parts`; 0 for a part that did not occur. */
  readonly values: readonly number[];
  readonly total: number;
}

/** Numbers by day, each the sum of its parts. */
export interface DaySeries {
  /** The names of the parts. */
  readonly parts: readonly string[];
  /** Every day of the span, oldest first. */
  readonly days: readonly DayValues[];
}

const dayMs = 86_400_000;

/**
 * Lists the days of a span, oldest first, as YYYY-MM-DD.
 *
 * @param today YYYY-MM-DD, the last day of the span
 * @param span days, at least 1
 */
export function daysUntil(today: string, span: number): string[] {
  const end = Date.parse(today);
  return Array.from({ length: span }, (_, index) =>
    new Date(end - (span - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
}
