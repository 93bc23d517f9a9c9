import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  [0, "0 seconds"],
  [840, "0.8 seconds"],
  [1_020, "1 second"],
  [9_940, "9.9 seconds"],
  [9_960, "10 seconds"],
  [59_499, "59 seconds"],
  [59_500, "1 min 0 s"],
  [185_000, "3 min 5 s"],
  [3_599_400, "59 min 59 s"],
  [3_599_500, "1 h 0 min"],
  [3_725_000, "1 h 2 min"],
])("%i ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
