import { holdLastLine } from "./streaming/hold-line.ts";
import { holdSentence } from "./streaming/hold-sentence.ts";
import { parseText } from "./syntax/parser.ts";
import { type Node, treeOf } from "./syntax/tree.ts";

/** A top-level block: a paragraph, a list with its items. */
export interface Block {
  readonly node: Node;
  /** Its source, with the blank lines after it. */
  readonly raw: string;
}

/** A parsed text. A longer text that begins with it is parsed from its end on. */
export interface ParsedText {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** How many links and notes the text defines. They change blocks anywhere. */
  readonly definitionCount: number;
}

export const emptyText: ParsedText = { text: "", blocks: [], definitionCount: 0 };

/** Parses a complete text. */
export function parseWhole(text: string): ParsedText {
  return { text, ...parseBlocks(withLineFeeds(text), false) };
}

/**
 * Parses a growing text. Its last line waits while it may still become another kind of block, and
 * in its last sentence nothing is shown as an element that is not finished: what is shown once is
 * not taken back.
 *
 * New text can change only the last block and the one before it, so all others are reused, and the
 * cost of a step does not grow with the answer. A text that defines links or notes is parsed as a
 * whole, because they change blocks above.
 *
 * @param previous the parse of an earlier state of the text, or `emptyText`
 */
export function parseMore(previous: ParsedText, text: string): ParsedText {
  if (text === previous.text) return previous;
  const shown = holdLastLine(withLineFeeds(text));
  const settled = text.startsWith(previous.text) ? previous.blocks.slice(0, -2) : [];
  const begin = settled.reduce((sum, { raw }) => sum + raw.length, 0);
  if (begin === 0 || begin > shown.length || previous.definitionCount > 0) {
    return { text, ...parseBlocks(shown, true) };
  }
  const more = parseBlocks(shown.slice(begin), true);
  if (more.definitionCount > 0) return { text, ...parseBlocks(shown, true) };
  return { text, blocks: [...settled, ...more.blocks], definitionCount: 0 };
}

type Parsed = Pick<ParsedText, "blocks" | "definitionCount">;

/** Ends lines as the parser does, so that its line numbers fit. */
function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function parseBlocks(source: string, isOpen: boolean): Parsed {
  const { tokens, env } = parseText(source, isOpen);
  if (isOpen) holdSentence(source, tokens, env);
  const nodes = treeOf(tokens);
  const offsets = lineOffsets(source);
  const begins = nodes.map(({ token }) => offsets[token.map?.[0] ?? 0] ?? source.length);
  const blocks = nodes.map((node, index) => {
    const begin = index === 0 ? 0 : begins[index];
    return { node, raw: source.slice(begin, begins[index + 1]) };
  });
  const notes = Object.keys(env.footnotes?.refs ?? {}).length;
  return { blocks, definitionCount: Object.keys(env.references ?? {}).length + notes };
}

function lineOffsets(text: string): number[] {
  const offsets = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
    offsets.push(end + 1);
  }
  return offsets;
}

/**
 * The level of each heading (h2 to h6) by its block; undefined for all other blocks. Answers start
 * at any level and skip levels, but headings on a page should go down one level at a time, because
 * screen reader users navigate by them. A heading depends only on those before it.
 */
export function headingLevels(blocks: readonly Block[]): readonly (number | undefined)[] {
  const open: number[] = [];
  return blocks.map(({ node: { token } }) => {
    if (token.type !== "heading_open") return undefined;
    const depth = depthOf(token.tag);
    while (open.length > 0 && (open.at(-1) ?? 0) >= depth) open.pop();
    open.push(depth);
    return Math.min(open.length + 1, 6);
  });
}

/** The depth of a heading by its tag in Markdown: 1 for `h1`. */
export function depthOf(tag: string): number {
  return Number(tag.slice(1));
}
