import { expect, test } from "vitest";
import { agoText, everyText, tookText } from "./job-text.ts";

const minute = 60_000;

test.each([
  [-5_000, "just now"],
  [59_999, "just now"],
  [minute, "1 minute ago"],
  [59 * minute, "59 minutes ago"],
  [60 * minute, "1 hour ago"],
  [47 * 60 * minute, "47 hours ago"],
  [48 * 60 * minute, "2 days ago"],
])("%i ms ago is %s", (ms, text) => expect(agoText(ms)).toBe(text));

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_440, "1.4 s"],
  [185_000, "3 min 5 s"],
])("a run of %i ms took %s", (ms, text) => expect(tookText(ms)).toBe(text));

test("intervals have words", () => {
  expect([5, 60].map(everyText)).toEqual(["Every 5 minutes", "Every hour"]);
});
