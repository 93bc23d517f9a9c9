/** Periods that can be selected, in days including today. */
export const usageSpans = [7, 30, 90] as const;

export type UsageSpan = (typeof usageSpans)[number];

/** The period in the page's address. */
export function readUsageDays(search: URLSearchParams): UsageSpan {
  return usageSpans.find((span) => String(span) === search.get("days")) ?? 30;
}
