import { expect, test } from "vitest";
import { applyEdits } from "./apply-edits.ts";

const poem = "The moon pulls the sea.\n\nThe sea pulls back.\n";

test("edits are made one after another, each on the text that the one before left", () => {
  const edits = [
    { find: "The moon", replace: "A moon" },
    { find: "A moon pulls", replace: "$& and $1 stay as they are" },
    { find: "back.\n", replace: "" },
  ];
  expect(applyEdits(poem, edits)).toBe("$& and $1 stay as they are the sea.\n\nThe sea pulls ");
});

test.each([
  [
    [{ find: "The sun pulls the sea.", replace: "x" }],
    "The text “The sun pulls the sea.” isn’t in the document. The nearest is line 1: “The moon pulls the sea.”. Nothing was changed.",
  ],
  [
    [
      { find: "moon", replace: "sun" },
      { find: "\n  The sea pulls  back\n", replace: "x" },
    ],
    "Edit 2: the text “The sea pulls back” isn’t in the document. The nearest is line 3: “The sea pulls back.”. Nothing was changed.",
  ],
  [
    [{ find: "pulls", replace: "x" }],
    "The text “pulls” is in the document more than once. Give more of what is around it. Nothing was changed.",
  ],
  [[{ find: "   ", replace: "x" }], "The text “” isn’t in the document. Nothing was changed."],
])("edits %j are refused, with the reason", (edits, reason) => {
  expect(() => applyEdits(poem, edits)).toThrow(reason);
});

test("an overlapping repetition counts as more than once", () => {
  expect(() => applyEdits("aaa", [{ find: "aa", replace: "b" }])).toThrow("more than once");
});

test("a text that is not in a large document is refused soon", () => {
  const content = "some words of a line that is quite long, and then some\n".repeat(25_000);
  const find = "x".repeat(20_000);
  expect(() => applyEdits(content, [{ find, replace: "" }])).toThrow("isn’t in the document");
});
