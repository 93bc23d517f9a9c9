import type { MarkdownIt, StateBlock } from "markdown-it";

const closer = "</details>";

/**
 * Adds `<details>` with an optional `<summary>`. Its content is Markdown. Without its end it
 * reaches to the end of the block that it is in, and the token's `meta.isOpen` is true.
 */
export function details(md: MarkdownIt): void {
  md.block.ruler.before("fence", "details", detailsRule, {
    alt: ["paragraph", "reference", "blockquote"],
  });
}

function detailsRule(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
  const first = lineOf(state, start);
  const opener = /^<details(\s+open(=""|="open")?)?\s*>/i.exec(first);
  if (!opener) return false;
  if (silent) return true;

  const open = state.push("details_open", "details", 1);
  open.block = true;
  const close = findEnd(state, start, end);
  open.map = [start, close ? close.line + 1 : end];
  open.meta = { isOpen: !close || opener[1] !== undefined };
  cut(state, start, opener[0].length);
  const restored = close && cutEnd(state, close);
  const last = close ? close.line + (close.isAlone ? 0 : 1) : end;

  const body = pushSummary(state, start, last);
  const { parentType } = state;
  state.parentType = "details";
  if (body < last) state.md.block.tokenize(state, body, last);
  state.parentType = parentType;

  state.push("details_close", "details", -1).block = true;
  restored?.();
  state.line = close ? close.line + 1 : Math.max(state.line, start + 1);
  if (close?.rest) pushRest(state, close);
  return true;
}

/** Takes what follows the end on its line as a paragraph. */
function pushRest(state: StateBlock, { line, at }: DetailsEnd): void {
  state.push("paragraph_open", "p", 1).map = [line, line + 1];
  const inline = state.push("inline", "", 0);
  inline.content = state.src.slice(at + closer.length, state.eMarks[line]).trim();
  inline.map = [line, line + 1];
  inline.children = [];
  state.push("paragraph_close", "p", -1);
}

/**
 * Takes the summary, which may be on the first line or the next.
 *
 * @returns the first line of the content
 */
function pushSummary(state: StateBlock, start: number, last: number): number {
  const line = state.skipEmptyLines(start);
  if (line >= last) return last;
  const text = lineOf(state, line);
  if (!/^<summary>/i.test(text)) return line;
  const lines = [text.slice("<summary>".length)];
  let next = line;
  const isDone = () => /<\/summary>/i.test(lines.at(-1) ?? "");
  while (!isDone() && next + 1 < last && next - line < 4 && !state.isEmpty(next + 1)) {
    next += 1;
    lines.push(lineOf(state, next));
  }
  // One without its end is the line.
  if (!isDone()) {
    next = line;
    lines.length = 1;
  }
  const [title = "", rest = ""] = lines.join("\n").split(/<\/summary>/i, 2);
  state.push("summary_open", "summary", 1).block = true;
  const inline = state.push("inline", "", 0);
  inline.content = title.trim();
  inline.map = [line, next + 1];
  inline.children = [];
  state.push("summary_close", "summary", -1).block = true;
  if (!isDone() || rest.trim() === "") return next + 1;
  cut(state, next, lineOf(state, next).length - rest.length);
  return next;
}

interface DetailsEnd {
  readonly line: number;
  /** The position of `</details>`. */
  readonly at: number;
  /** Whether nothing is before it on its line. */
  readonly isAlone: boolean;
  /** Whether something follows it on its line. */
  readonly rest: boolean;
}

/** Finds the end of details that begin on a line. A line ends one at most. */
function findEnd(state: StateBlock, start: number, end: number): DetailsEnd | undefined {
  let depth = 0;
  for (let line = start; line < end; line += 1) {
    if (!state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent) return undefined;
    const text = lineOf(state, line).trimEnd().toLowerCase();
    const offset = text.indexOf(closer);
    depth += Number(text.startsWith("<details")) - Number(offset >= 0);
    if (depth > 0 || offset < 0) continue;
    const rest = text.length > offset + closer.length;
    return { line, at: offsetOf(state, line) + offset, isAlone: offset === 0, rest };
  }
  return undefined;
}

/** Hides the end of details, and what follows on its line. Call the result to show it again. */
function cutEnd(state: StateBlock, { line, at }: DetailsEnd): () => void {
  const mark = state.eMarks[line] ?? at;
  state.eMarks[line] = at;
  return () => {
    state.eMarks[line] = mark;
  };
}

/** Drops the beginning of a line, and the blanks after it. */
function cut(state: StateBlock, line: number, length: number): void {
  const end = state.eMarks[line] ?? 0;
  let begin = Math.min(offsetOf(state, line) + length, end);
  while (begin < end && /[ \t]/.test(state.src[begin] ?? "")) begin += 1;
  state.bMarks[line] = begin;
  state.tShift[line] = 0;
  state.sCount[line] = state.blkIndent;
}

function offsetOf(state: StateBlock, line: number): number {
  return (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(offsetOf(state, line), state.eMarks[line]);
}
