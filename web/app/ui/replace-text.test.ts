import { expect, test } from "vitest";
import { differenceOf } from "./replace-text.ts";

test.each([
  ["", "a", { start: 0, end: 0, inserted: "a" }],
  ["all of it", "", { start: 0, end: 9, inserted: "" }],
  ["/ren", "/rename ", { start: 4, end: 4, inserted: "ame " }],
  ["typed since", "sent\n\ntyped since", { start: 0, end: 0, inserted: "sent\n\n" }],
  ["aa", "aaa", { start: 0, end: 0, inserted: "a" }],
  ["aaa", "aa", { start: 0, end: 1, inserted: "" }],
  ["one two three", "one 2 three", { start: 4, end: 7, inserted: "2" }],
])("from %j to %j", (before, after, difference) => {
  expect(differenceOf(before, after)).toEqual(difference);
  const { start, end, inserted } = differenceOf(before, after);
  expect(before.slice(0, start) + inserted + before.slice(end)).toBe(after);
});
