import { expect, test } from "vitest";
import { isDataDelta, joinDataDeltas } from "./data-deltas.ts";

const piece = (id: string, delta: string) => ({ type: "data-draft", id, data: { id, delta } });

test("each piece comes with the whole of its own part so far, all else as it is", () => {
  const others = [
    { type: "text-delta", id: "a", delta: "said" },
    { type: "data-title", data: { title: "T" } },
    { type: "data-note", id: "a", data: { delta: "of another type" } },
  ];
  const chunks = [piece("a", "one "), ...others, piece("b", "other "), piece("a", "two")];
  expect(chunks.map(joinDataDeltas())).toEqual([
    piece("a", "one "),
    ...others,
    piece("b", "other "),
    piece("a", "one two"),
  ]);
});

test.for<[string, { type: string; [field: string]: unknown }]>([
  ["text", { type: "text-delta", id: "a", delta: "x" }],
  ["no id", { type: "data-draft", data: { delta: "x" } }],
  ["no delta", { type: "data-draft", id: "a", data: { text: "x" } }],
  ["a delta that is not text", { type: "data-draft", id: "a", data: { delta: 1 } }],
  ["no data", { type: "data-draft", id: "a", data: null }],
])("a chunk is no piece of a data part: %s", ([, chunk]) => {
  expect(isDataDelta(chunk)).toBe(false);
});
