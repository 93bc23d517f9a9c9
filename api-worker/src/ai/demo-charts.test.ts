import { expect, test } from "vitest";
import { composeChart } from "./demo-charts.ts";

test("a long name in a chart is cut between characters", () => {
  const chart = composeChart("Sizes", `Name,Size\n${"x".repeat(18)}😀 and more,3\n`);
  expect(chart.isWellFormed()).toBe(true);
  expect(chart).toContain("…</text>");
  expect(chart).toContain(">3</text>");
});
