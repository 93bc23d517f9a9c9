import type { UsageOutput } from "api-worker/contracts/usage";

export interface UsageDay {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly tokens: number;
  /** In the order of `models`; 0 for an unused model. */
  readonly tokensByModel: readonly number[];
}

export interface UsageSeries {
  /** Most used first. */
  readonly models: readonly string[];
  /** Every day of the span, oldest first. */
  readonly days: readonly UsageDay[];
}

type Item = UsageOutput["items"][number];

const dayMs = 86_400_000;

/** Input and output tokens together. */
export function tokensOf({ inputTokens, outputTokens }: Item): number {
  return inputTokens + outputTokens;
}

/**
 * Groups usage by day and model.
 *
 * @param today YYYY-MM-DD, the last day of the span
 * @param span days, at least 1
 */
export function usageSeries(items: readonly Item[], today: string, span: number): UsageSeries {
  const byModel = new Map<string, number>();
  for (const item of items) {
    byModel.set(item.modelId, (byModel.get(item.modelId) ?? 0) + tokensOf(item));
  }
  const models = [...byModel].sort((a, b) => b[1] - a[1]).map(([model]) => model);
  const byDay = Map.groupBy(items, ({ day }) => day);
  const end = Date.parse(today);
  const days = Array.from({ length: span }, (_, index) => {
    const day = new Date(end - (span - 1 - index) * dayMs).toISOString().slice(0, 10);
    const tokensByModel = models.map((model) => {
      const item = byDay.get(day)?.find(({ modelId }) => modelId === model);
      return item ? tokensOf(item) : 0;
    });
    return { day, tokensByModel, tokens: tokensByModel.reduce((sum, tokens) => sum + tokens, 0) };
  });
  return { models, days };
}
