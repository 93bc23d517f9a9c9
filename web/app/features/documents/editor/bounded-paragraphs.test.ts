/** How much of a text the editor's parser reads in one go, without a pause for keys. */
import { language, syntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { paragraphLength } from "./bounded-paragraphs.ts";
import { editingExtensions } from "./editor-setup.ts";

const open = (doc: string) => EditorState.create({ doc, extensions: editingExtensions("text") });

const line = "This is a *line* of what is pasted.";
const pasted = Array.from({ length: 20_000 }, () => line).join("\n");

test("20,000 lines without an empty one are read in many short steps", () => {
  const parse = open("").facet(language)?.parser.startParse(pasted);
  let tree = null;
  let steps = 0;
  for (; parse && tree === null; steps += 1) tree = parse.advance();
  expect(steps).toBeGreaterThan(pasted.length / (paragraphLength + 2 * line.length));
  const lengths: number[] = [];
  tree?.iterate({
    enter({ name, from, to }) {
      if (name === "Paragraph") lengths.push(to - from);
    },
  });
  expect(Math.max(...lengths)).toBeLessThan(paragraphLength + 2 * line.length);
});

test("a paragraph of usual length is one, with its marks across lines", () => {
  const state = open(`${line}\nand **bold\nwords** end it.\n\nNext one.`);
  const names: string[] = [];
  syntaxTree(state).iterate({ enter: ({ name }) => void names.push(name) });
  expect(names.filter((name) => name === "Paragraph")).toHaveLength(2);
  expect(names).toContain("StrongEmphasis");
});
