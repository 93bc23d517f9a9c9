import { expect, test } from "vitest";
import { voteSeries, votesOfModels } from "./vote-series.ts";

const items = [
  { day: "2026-03-01", modelId: "a", up: 1, down: 2 },
  { day: "2026-03-01", modelId: "b", up: 4, down: 0 },
  { day: "2026-02-27", modelId: "a", up: 3, down: 0 },
];

test("votes are summed up by day, days without any included", () => {
  expect(voteSeries({ today: "2026-03-01", items }, 3).days).toEqual([
    { day: "2026-02-27", values: [3, 0], total: 3 },
    { day: "2026-02-28", values: [0, 0], total: 0 },
    { day: "2026-03-01", values: [5, 2], total: 7 },
  ]);
});

test("votes are summed up by model, the most voted on first", () => {
  expect(votesOfModels(items)).toEqual([
    { modelId: "a", up: 4, down: 2 },
    { modelId: "b", up: 4, down: 0 },
  ]);
});
