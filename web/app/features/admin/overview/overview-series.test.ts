import { expect, test } from "vitest";
import { answerSeries, newUsers, storageSeries, usesOfModels } from "./overview-series.ts";

const siteDay = (day: string, storedBytes: number | null = 0) => ({
  ...{ day, storedBytes, newAccounts: 1, newGuests: 2, newChats: 3, newMessages: 4 },
});
const answerDay = (day: string, modelId: string, failed: number) => ({
  ...{ day, modelId, failed, answers: 10, stopped: 2, interrupted: 1 },
  ...{ inputTokens: modelId === "a" ? 1 : 5, outputTokens: 1, costNanos: 7 },
});

test("answers are divided by how they ended, also on days without any", () => {
  const days = [siteDay("2026-03-01"), siteDay("2026-03-02")];
  const answers = [answerDay("2026-03-02", "a", 3), answerDay("2026-03-02", "b", 0)];
  const { parts, days: bars } = answerSeries({ days, answers, now: {} as never });
  expect(parts).toEqual(["Complete", "Stopped", "Interrupted", "Failed"]);
  expect(bars).toEqual([
    { day: "2026-03-01", values: [0, 0, 0, 0], total: 0 },
    { day: "2026-03-02", values: [11, 4, 2, 3], total: 20 },
  ]);
});

test("the models are summed up over the days, the most used first", () => {
  const answers = [answerDay("1", "a", 0), answerDay("1", "b", 0), answerDay("2", "a", 1)];
  expect(usesOfModels(answers)).toMatchObject([
    { modelId: "b", answers: 10, inputTokens: 5, outputTokens: 1, costNanos: 7 },
    { modelId: "a", answers: 20, failed: 1, inputTokens: 2, outputTokens: 2, costNanos: 14 },
  ]);
});

test("new accounts and guests are parts of one bar", () => {
  expect(newUsers([siteDay("2026-03-01")]).days[0]).toMatchObject({ values: [1, 2], total: 3 });
});

test.each([
  [null, "bytes", 0],
  [1_023, "bytes", 1_023],
  [1_024, "KB", 1],
  [1_600_000, "MB", 1.5],
  [9e15, "TB", 8_185.5],
])("%j stored bytes are shown in %s", (bytes, unit, value) => {
  const { series, unit: shown } = storageSeries([siteDay("2026-03-01", bytes)]);
  expect(shown).toBe(unit);
  expect(series.days[0]?.total).toBe(value);
});
