import { expect, test } from "vitest";
import { readUsageDays } from "./usage-days.ts";
import { usageSeries } from "./usage-series.ts";

const item = (day: string, modelId: string, inputTokens: number, outputTokens: number) => ({
  ...{ day, modelId, inputTokens, outputTokens },
  ...{ answers: 1, costNanos: 0 },
});

test("days without use are included, and models are sorted by use", () => {
  const items = [item("2026-03-01", "a", 1, 2), item("2026-03-01", "b", 10, 20)];
  const { parts, days } = usageSeries([...items, item("2026-02-27", "a", 5, 5)], "2026-03-01", 4);
  expect(parts).toEqual(["b", "a"]);
  expect(days).toEqual([
    { day: "2026-02-26", total: 0, values: [0, 0] },
    { day: "2026-02-27", total: 10, values: [0, 10] },
    { day: "2026-02-28", total: 0, values: [0, 0] },
    { day: "2026-03-01", total: 33, values: [30, 3] },
  ]);
});

test("costs are grouped in the order of the tokens", () => {
  const items = [
    { ...item("2026-03-01", "a", 1, 2), costNanos: 9 },
    { ...item("2026-03-01", "b", 10, 20), costNanos: 4 },
  ];
  const { parts, days } = usageSeries(items, "2026-03-01", 1, ({ costNanos }) => costNanos);
  expect(parts).toEqual(["b", "a"]);
  expect(days).toEqual([{ day: "2026-03-01", total: 13, values: [4, 9] }]);
});

test.each([
  ["", 30],
  ["days=7", 7],
  ["days=90", 90],
  ["days=9e9", 30],
])("the address %j looks back %d days", (search, days) => {
  expect(readUsageDays(new URLSearchParams(search))).toBe(days);
});
