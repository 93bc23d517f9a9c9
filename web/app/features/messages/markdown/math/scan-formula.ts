/**
 * Finds formulas in text, and tells dollars of formulas from those of prices and shell variables.
 * Every scan ends at the next delimiter of its kind, so the scans of a text do not overlap, and
 * their cost grows with the length of the text alone.
 */
import { isProse } from "./prose.ts";

/** Longer formulas stay text. */
export const inlineMaxLength = 2000;
export const displayMaxLength = 5_000;

/** Environments that need no delimiters around them. */
const environments = new Set([
  ...["align", "alignat", "equation", "gather", "multline", "eqnarray"].flatMap((name) => [
    name,
    `${name}*`,
  ]),
  ...["aligned", "gathered", "cases", "array", "split"],
  ...["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"],
]);

/** The beginning of a formula: `$`, `$$`, `\(`, `\[` or `\begin{…}`. */
export interface Opener {
  readonly source: string;
  /** What ends the formula. */
  readonly closer: string;
  readonly isDisplay: boolean;
}

/** Looks for the beginning of a formula at a position. */
export function openerAt(src: string, pos: number): Opener | undefined {
  if (src[pos] === "$") return dollarOpener(src, pos);
  if (src[pos] !== "\\") return undefined;
  if (src[pos + 1] === "(") return { source: "\\(", closer: "\\)", isDisplay: false };
  // In "array\[0\]" the brackets are only escaped.
  const isIndex = /[a-zA-Z\d]/.test(src[pos - 1] ?? "");
  if (src[pos + 1] === "[" && !isIndex) return { source: "\\[", closer: "\\]", isDisplay: true };
  const match = /^\\begin\{([a-zA-Z]{1,10}\*?)\}/.exec(src.slice(pos, pos + 20));
  if (!match?.[1] || !environments.has(match[1])) return undefined;
  return { source: match[0], closer: `\\end{${match[1]}}`, isDisplay: true };
}

function dollarOpener(src: string, pos: number): Opener | undefined {
  if (src[pos - 1] === "$") return undefined;
  const length = runLength(src, pos, src.length);
  if (length === 2) return { source: "$$", closer: "$$", isDisplay: true };
  // "5$" and "US$" are money, and so is "$ 5".
  const isOpening = length === 1 && !/[a-zA-Z\d]/.test(src[pos - 1] ?? "");
  if (!isOpening || /^\s?$/.test(src[pos + 1] ?? " ")) return undefined;
  return { source: "$", closer: "$", isDisplay: false };
}

/** Up to three. */
function runLength(src: string, pos: number, max: number): number {
  let end = pos;
  while (end < max && end < pos + 3 && src[end] === "$") end += 1;
  return end - pos;
}

/**
 * Looks for the end of a formula.
 *
 * @param from where to begin, after the opener
 * @returns the position of the closer; "none" when something comes first that no formula has;
 *   undefined when there is neither
 */
export function findCloser(
  src: string,
  from: number,
  max: number,
  opener: Opener,
): number | "none" | undefined {
  for (let pos = from; pos < max; pos += 1) {
    const char = src[pos];
    if (char === "\n" && opener.source === "$") return "none";
    if (char === "$" && opener.closer.startsWith("$")) {
      return runLength(src, pos, max) === opener.closer.length ? pos : "none";
    }
    if (char !== "\\") continue;
    if (src.startsWith(opener.closer, pos)) return pos;
    if (src.startsWith(opener.source, pos)) return "none";
    pos += 1;
  }
  return undefined;
}

/** A formula in a text. */
export interface Formula {
  /** TeX without delimiters; environments keep theirs. */
  readonly tex: string;
  /** The position after it. */
  readonly end: number;
  readonly isDisplay: boolean;
}

/**
 * Reads a formula within a paragraph.
 *
 * @returns the formula; "open" when its end has not come and more text could bring it; undefined
 *   for none
 */
export function formulaAt(src: string, pos: number, max: number): Formula | "open" | undefined {
  const opener = openerAt(src, pos);
  if (!opener) return undefined;
  const begin = pos + opener.source.length;
  const limit = opener.isDisplay ? displayMaxLength : inlineMaxLength;
  const closer = findCloser(src, begin, Math.min(max, begin + limit), opener);
  if (closer === "none") return undefined;
  if (closer === undefined) {
    const isShort = max - begin < limit;
    const isMoney = opener.source === "$" && isShort && isProse(src.slice(begin, max));
    return isShort && !isMoney ? "open" : undefined;
  }
  const end = closer + opener.closer.length;
  if (opener.source === "$" && !closesDollar(src, pos, closer)) return undefined;
  const tex = texOf(opener, src.slice(begin, closer));
  return tex === undefined ? undefined : { tex, end, isDisplay: opener.isDisplay };
}

/** Whether a second dollar can end a formula rather than begin a price or a shell variable. */
function closesDollar(src: string, opener: number, closer: number): boolean {
  if (/\s/.test(src[closer - 1] ?? "")) return false;
  const next = src[closer + 1] ?? "";
  // `$(pwd)/$(ls)`, `${A}/${B}`
  if (next === "{" || (next === "(" && src[opener + 1] === "(")) return false;
  return !/[a-zA-Z\d]/.test(next);
}

/**
 * The TeX between two delimiters; undefined when it is none.
 *
 * @param content what stands between them
 */
export function texOf(opener: Opener, content: string): string | undefined {
  const tex = content.trim();
  if (tex === "") return undefined;
  if (opener.source.startsWith("\\begin")) return opener.source + content + opener.closer;
  return opener.closer.startsWith("$") && isProse(tex) ? undefined : tex;
}
