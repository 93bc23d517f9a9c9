import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import {
  displayMaxLength,
  findCloser,
  formulaAt,
  type Opener,
  openerAt,
  texOf,
} from "./scan-formula.ts";

/**
 * Adds formulas in TeX: `$…$`, `\(…\)`, `$$…$$`, `\[…\]` and `\begin{align}…`. Tokens `formula` have
 * the TeX as `content`, the source as `markup` and `meta.isDisplay`. While the text may go on, an
 * unfinished block of a formula is a token `plain`.
 */
export function formulas(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "formula", inlineFormula);
  md.block.ruler.before("code", "formula", blockFormula, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
}

function inlineFormula(state: StateInline, silent: boolean): boolean {
  const formula = formulaAt(state.src, state.pos, state.posMax);
  if (!formula || formula === "open") return false;
  if (!silent) {
    const token = state.push("formula", "", 0);
    token.content = formula.tex;
    token.markup = state.src.slice(state.pos, formula.end);
    token.meta = { isDisplay: formula.isDisplay };
  }
  state.pos = formula.end;
  return true;
}

function blockFormula(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
  const pos = (state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0);
  const opener = openerAt(state.src, pos);
  if (!opener?.isDisplay) return false;
  const found = findEnd(state, { start, end, opener, from: pos + opener.source.length });
  if (found === undefined) return false;
  if (found === "open") return silent || pushPlain(state, start, end);
  const { line, closer } = found;
  const after = closer + opener.closer.length;
  const rest = state.src.slice(after, state.eMarks[line]).trim();
  // A formula in the first line of a sentence is no block, and the sentence may still come.
  if (rest !== "" && line === start) return false;
  if (state.env.isOpen === true && (state.eMarks[line] ?? 0) >= state.src.length) {
    return silent || pushPlain(state, start, line + 1);
  }
  const source = state.getLines(start, line + 1, state.blkIndent, false);
  const content = source
    .trim()
    .slice(opener.source.length, rest === "" ? -opener.closer.length : undefined);
  const tex = texOf(opener, content);
  if (tex === undefined) return false;
  if (silent) return true;
  if (rest === "") {
    const token = state.push("formula", "", 0);
    token.block = true;
    token.content = tex;
    token.markup = source.trim();
    token.meta = { isDisplay: true };
    token.map = [start, line + 1];
  } else {
    pushParagraph(state, source, [start, line + 1]);
  }
  state.line = line + 1;
  return true;
}

/** A formula and the end of its sentence: `$$\na\n$$.` */
function pushParagraph(state: StateBlock, source: string, map: [number, number]): void {
  state.push("paragraph_open", "p", 1).map = map;
  const inline = state.push("inline", "", 0);
  inline.content = source.trim();
  inline.map = map;
  inline.children = [];
  state.push("paragraph_close", "p", -1);
}

function pushPlain(state: StateBlock, start: number, end: number): true {
  let last = end;
  while (last > start + 1 && (state.sCount[last - 1] ?? 0) < state.blkIndent) last -= 1;
  const token = state.push("plain", "", 0);
  token.content = state.getLines(start, last, state.blkIndent, false).trim();
  token.map = [start, last];
  state.line = last;
  return true;
}

interface Search {
  readonly start: number;
  readonly end: number;
  readonly opener: Opener;
  readonly from: number;
}

/**
 * Finds the line where a formula ends. TeX allows no blank line in it, except after its opener and
 * before its closer, where models like to put one.
 *
 * @returns "open" when the text may go on and ends before the formula does
 */
function findEnd(
  state: StateBlock,
  { start, end, opener, from }: Search,
): { line: number; closer: number } | "open" | undefined {
  let isBlank = false;
  let hasContent = false;
  for (let line = start; line < end; line += 1) {
    const first = line === start ? from : (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
    const last = state.eMarks[line] ?? 0;
    if (line > start && state.isEmpty(line)) {
      isBlank = true;
      continue;
    }
    if (line > start && (state.sCount[line] ?? 0) < state.blkIndent) return undefined;
    if (isBlank && hasContent && !state.src.startsWith(opener.closer, first)) return undefined;
    if (last - from > displayMaxLength) return undefined;
    const closer = findCloser(state.src, first, last, opener);
    if (closer === "none") return undefined;
    if (closer !== undefined) return { line, closer };
    isBlank = false;
    hasContent ||= state.src.slice(first, last).trim() !== "";
  }
  const isAtEnd = (state.eMarks[end - 1] ?? 0) >= state.src.trimEnd().length;
  return state.env.isOpen === true && isAtEnd && !(isBlank && hasContent) ? "open" : undefined;
}
