import { Marked, type Token } from "marked";
import remend from "remend";
import { mathExtensions } from "./math/math-syntax.ts";

const markdown = new Marked({ gfm: true, extensions: mathExtensions });

/** A parsed text. A longer text that begins with it is parsed from its end on. */
export interface ParsedText {
  readonly text: string;
  /** The top-level blocks, each with its source as `raw`. */
  readonly blocks: readonly Token[];
  /**
   * Whether the text was parsed in steps, so that a link defined further down may be unresolved.
   */
  readonly isPartial: boolean;
}

export const emptyText: ParsedText = { text: "", blocks: [], isPartial: false };

/**
 * Parses a growing text. New text can change only the last block and the one before it, so all
 * others are reused and the cost of a step does not grow with the answer. A link whose target is
 * defined in another block resolves only in a parse from the start.
 *
 * @param previous the parse of an earlier state of the text, or `emptyText`
 */
export function parseMore(previous: ParsedText, text: string): ParsedText {
  if (text === previous.text) return previous;
  if (previous.text === "" || !text.startsWith(previous.text)) {
    return { text, blocks: markdown.lexer(text), isPartial: false };
  }
  const settled = previous.blocks.slice(0, settledCount(previous.blocks));
  const settledText = settled.map((block) => block.raw).join("");
  // The lexer drops some blanks at line ends, and then the position to continue from is unknown.
  const isExact = text.startsWith(settledText);
  const kept = isExact ? settled : [];
  const rest = isExact ? text.slice(settledText.length) : text;
  return { text, blocks: [...kept, ...markdown.lexer(rest)], isPartial: isExact };
}

/** The number of blocks that further text cannot change. */
function settledCount(blocks: readonly Token[]): number {
  let open = 0;
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    if (blocks[index]?.type !== "space") open += 1;
    if (open === 2) return index;
  }
  return 0;
}

/**
 * Closes Markdown that an unfinished text leaves open (`**bold`, half a link), so that bare
 * delimiters do not show for a moment.
 */
export function healLastBlock(blocks: readonly Token[]): readonly Token[] {
  const last = blocks.at(-1);
  if (!last || last.type === "code" || last.type === "space") return blocks;
  const healed = remend(last.raw, { linkMode: "text-only", images: false });
  return healed === last.raw ? blocks : [...blocks.slice(0, -1), ...markdown.lexer(healed)];
}

/**
 * The level of each heading (h2 to h6) by its block; undefined for all other blocks. Answers start
 * at any level and skip levels, but headings on a page should go down one level at a time, because
 * screen reader users navigate by them. A heading depends only on those before it.
 */
export function headingLevels(blocks: readonly Token[]): readonly (number | undefined)[] {
  const open: number[] = [];
  return blocks.map((block) => {
    if (block.type !== "heading") return undefined;
    while (open.length > 0 && (open.at(-1) ?? 0) >= block.depth) open.pop();
    open.push(block.depth);
    return Math.min(open.length + 1, 6);
  });
}
