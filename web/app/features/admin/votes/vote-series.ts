import type { VoteDayOutput, VotesByDayOutput } from "api-worker/contracts/admin-votes";
import { type DaySeries, daysUntil } from "../../usage/day-series.ts";

const sum = (rows: readonly VoteDayOutput[], side: "up" | "down") =>
  rows.reduce((total, row) => total + row[side], 0);

/** Votes of all models by day, on each side. @param span days, at least 1 */
export function voteSeries({ today, items }: VotesByDayOutput, span: number): DaySeries {
  const byDay = Map.groupBy(items, ({ day }) => day);
  return {
    parts: ["Good answers", "Bad answers"],
    days: daysUntil(today, span).map((day) => {
      const rows = byDay.get(day) ?? [];
      const values = [sum(rows, "up"), sum(rows, "down")] as const;
      return { day, values, total: values[0] + values[1] };
    }),
  };
}

export interface ModelVotes {
  readonly modelId: string;
  readonly up: number;
  readonly down: number;
}

/** The votes of each model in the whole span, the most voted on first. */
export function votesOfModels(items: readonly VoteDayOutput[]): ModelVotes[] {
  const byModel = Map.groupBy(items, ({ modelId }) => modelId);
  const votes = [...byModel].map(([modelId, rows]) => ({
    modelId,
    up: sum(rows, "up"),
    down: sum(rows, "down"),
  }));
  return votes.toSorted((one, other) => other.up + other.down - one.up - one.down);
}
