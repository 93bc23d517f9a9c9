import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min 0 s"],
  [3_599_000, "59 min 59 s"],
  [7_800_000, "2 h 10 min"],
])("%i ms are %s", (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});
