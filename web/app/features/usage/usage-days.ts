/** How far back one can look, in days, today included. */
export const usageSpans = [7, 30, 90] as const;

export type UsageSpan = (typeof usageSpans)[number];

/** How far back the page's address says to look. */
export function readUsageDays(search: URLSearchParams): UsageSpan {
  return usageSpans.find((span) => String(span) === search.get("days")) ?? 30;
}
