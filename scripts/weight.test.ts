import { expect, test } from "vitest";
import { weightLimits, weighWorker } from "./lib/weight.ts";

test("the worker's upload stays below its ceiling", async () => {
  const bytes = await weighWorker();
  // A worker of no size would be a measurement of nothing.
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(weightLimits.worker);
});
