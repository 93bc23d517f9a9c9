import type {
  AnswerDayOutput,
  OverviewOutput,
  SiteDayOutput,
} from "api-worker/contracts/admin-stats";
import type { DaySeries } from "../../usage/day-series.ts";

type Read<Row> = Readonly<Record<string, (row: Row) => number>>;

/** A series with one part for each name, read from a row of each day. */
function seriesOf(days: readonly SiteDayOutput[], parts: Read<SiteDayOutput>): DaySeries {
  const reads = Object.values(parts);
  return {
    parts: Object.keys(parts),
    days: days.map((row) => {
      const values = reads.map((read) => read(row));
      return { day: row.day, values, total: sumOf(values) };
    }),
  };
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

export const newUsers = (days: readonly SiteDayOutput[]) =>
  seriesOf(days, { Accounts: (day) => day.newAccounts, Guests: (day) => day.newGuests });

export const newChats = (days: readonly SiteDayOutput[]) =>
  seriesOf(days, { Chats: (day) => day.newChats });

export const newMessages = (days: readonly SiteDayOutput[]) =>
  seriesOf(days, { Messages: (day) => day.newMessages });

const outcomes: Read<AnswerDayOutput> = {
  Complete: ({ answers, stopped, interrupted, failed }) => answers - stopped - interrupted - failed,
  Stopped: ({ stopped }) => stopped,
  Interrupted: ({ interrupted }) => interrupted,
  Failed: ({ failed }) => failed,
};

/** Answers by day and by how they ended, of all models. */
export function answerSeries({ days, answers }: OverviewOutput): DaySeries {
  const byDay = Map.groupBy(answers, ({ day }) => day);
  const reads = Object.values(outcomes);
  return {
    parts: Object.keys(outcomes),
    days: days.map(({ day }) => {
      const rows = byDay.get(day) ?? [];
      const values = reads.map((read) => sumOf(rows.map(read)));
      return { day, values, total: sumOf(values) };
    }),
  };
}

const byteUnits = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** What is stored at the end of each day, in the unit that the largest number is readable in. */
export function storageSeries(days: readonly SiteDayOutput[]): {
  readonly series: DaySeries;
  readonly unit: (typeof byteUnits)[number];
} {
  const most = Math.max(...days.map(({ storedBytes }) => storedBytes ?? 0));
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(1, most)) / 10));
  const scaled = ({ storedBytes }: SiteDayOutput) =>
    Math.round(((storedBytes ?? 0) / 1_024 ** power) * 10) / 10;
  return { series: seriesOf(days, { Stored: scaled }), unit: byteUnits[power] ?? "bytes" };
}

/** The answers of a model in the whole span. */
export type ModelUse = Omit<AnswerDayOutput, "day">;

/** Sums up the answers of each model, the most used first. */
export function usesOfModels(answers: readonly AnswerDayOutput[]): ModelUse[] {
  const byModel = Map.groupBy(answers, ({ modelId }) => modelId);
  const uses = [...byModel].map(([modelId, rows]): ModelUse => {
    const sum = (read: (row: AnswerDayOutput) => number) => sumOf(rows.map(read));
    return {
      modelId,
      answers: sum((row) => row.answers),
      stopped: sum((row) => row.stopped),
      interrupted: sum((row) => row.interrupted),
      failed: sum((row) => row.failed),
      inputTokens: sum((row) => row.inputTokens),
      outputTokens: sum((row) => row.outputTokens),
      costNanos: sum((row) => row.costNanos),
    };
  });
  const tokensOf = (use: ModelUse) => use.inputTokens + use.outputTokens;
  return uses.toSorted((one, other) => tokensOf(other) - tokensOf(one));
}
