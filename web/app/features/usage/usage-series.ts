import type { UsageOutput } from "api-worker/contracts/usage";
import { type DaySeries, daysUntil } from "./day-series.ts";

type Item = Pick<UsageOutput["items"][number], "day" | "modelId" | "inputTokens" | "outputTokens">;

/** Input and output tokens together. */
export function tokensOf({ inputTokens, outputTokens }: Item): number {
  return inputTokens + outputTokens;
}

/**
 * Groups numbers by day and model, the model with the most tokens first. So a model has the same place,
 * and the same colour, in each chart.
 *
 * @param today YYYY-MM-DD, the last day of the span
 * @param span days, at least 1
 * @param read the number of an item; its tokens when left out
 */
export function usageSeries<One extends Item>(
  items: readonly One[],
  today: string,
  span: number,
  read: (item: One) => number = tokensOf,
): DaySeries {
  const byModel = new Map<string, number>();
  for (const item of items) {
    byModel.set(item.modelId, (byModel.get(item.modelId) ?? 0) + tokensOf(item));
  }
  const parts = [...byModel].sort((a, b) => b[1] - a[1]).map(([model]) => model);
  const byDay = Map.groupBy(items, ({ day }) => day);
  const days = daysUntil(today, span).map((day) => {
    const values = parts.map((model) => {
      const item = byDay.get(day)?.find(({ modelId }) => modelId === model);
      return item ? read(item) : 0;
    });
    return { day, values, total: values.reduce((sum, value) => sum + value, 0) };
  });
  return { parts, days };
}
