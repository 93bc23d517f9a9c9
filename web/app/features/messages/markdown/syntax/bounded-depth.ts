import type { MarkdownIt, StateBlock } from "markdown-it";

/** Levels of nested blocks. A list is two of them, a quotation one. */
const depthMax = 40;

/**
 * Shows blocks that are nested too deep as plain text. markdown-it's own bound, which is above this
 * one, would drop them.
 */
export function boundedDepth(md: MarkdownIt): void {
  md.block.ruler.before("table", "bounded_depth", takeAsText);
}

function takeAsText(state: StateBlock, startLine: number, endLine: number): boolean {
  if (state.level < depthMax) return false;
  let line = startLine;
  while (line < endLine && (state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent)) {
    line += 1;
  }
  const token = state.push("plain", "", 0);
  token.content = state.getLines(startLine, line, state.blkIndent, false).trimEnd();
  token.map = [startLine, line];
  state.line = line;
  return true;
}
