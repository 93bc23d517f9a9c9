/** Finds tags and formulas that a Markdown text leaves open, in a time that grows with its length. */
import type { Token } from "markdown-it";

/** Elements that change what comes after them until they are closed. Others show nothing. */
const elements = new Set(
  (
    "a abbr address article aside b blockquote button caption center cite code dd del details dfn " +
    "div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header i iframe " +
    "ins kbd legend li main mark menu nav noframes noscript object ol option p pre q s samp script " +
    "section select small span strike strong style sub summary sup svg table tbody td template " +
    "textarea tfoot th thead title tr tt u ul var video xmp"
  ).split(" "),
);

/** Elements whose content is text, up to their end tag. */
const textElements = new Set(["script", "style", "textarea", "title", "xmp", "iframe", "noframes"]);

/** Open elements beyond these are not counted. */
const openMax = 100;

const tagPattern = /<(\/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>/iy;

/** The elements that are open at the end of a text, the innermost first. */
export function openTags(tokens: readonly Token[]): string[] {
  const open: string[] = [];
  for (const { type, content } of tokens) {
    if (!content.includes("<")) continue;
    if (type === "html_block") readTags(content, open, false);
    if (type === "inline") readTags(content, open, true);
  }
  return open.reverse();
}

function readTags(text: string, open: string[], hasCode: boolean): void {
  const ends = hasCode ? codeEnds(text) : null;
  let at = 0;
  while (at < text.length) {
    const sign = text[at];
    if (sign === "\\" && hasCode) at += 2;
    else if (sign === "`" && ends) at = ends.get(at) ?? at + 1;
    else if (sign === "<") at = readTag(text, at, open);
    else at += 1;
  }
}

/** @returns the place after the tag or comment */
function readTag(text: string, at: number, open: string[]): number {
  if (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 2);
    return end < 0 ? text.length : end + 3;
  }
  tagPattern.lastIndex = at;
  const match = tagPattern.exec(text);
  if (!match) return at + 1;
  const [tag, slash, name = ""] = match;
  const element = name.toLowerCase();
  const after = at + tag.length;
  if (!elements.has(element)) return after;
  if (slash) {
    const index = open.lastIndexOf(element);
    if (index >= 0) open.length = index;
    return after;
  }
  if (open.length < openMax) open.push(element);
  if (!textElements.has(element)) return after;
  const endTag = new RegExp(`</${element}`, "gi");
  endTag.lastIndex = after;
  return endTag.exec(text)?.index ?? text.length;
}

/** Where each code span ends, by where it begins. */
function codeEnds(text: string): ReadonlyMap<number, number> {
  const runs = [...text.matchAll(/`+/g)];
  const ends = new Map<number, number>();
  /** The nearest run of each length after the present one. */
  const next = new Map<number, number>();
  for (const { 0: run, index } of runs.reverse()) {
    const close = next.get(run.length);
    ends.set(index, close === undefined ? index + run.length : close + run.length);
    next.set(run.length, index);
  }
  return ends;
}

/** A formula's mark that is at the beginning of a line and has no counterpart. */
export interface OpenMath {
  readonly line: number;
  readonly begin: string;
  readonly end: string;
}

/** The display formula that is open at the end of a text; null for none. */
export function openMathMark(tokens: readonly Token[]): OpenMath | null {
  let open: OpenMath | null = null;
  for (const { type, content, map } of tokens) {
    if (type === "inline" && map && /\$\$|\\[[\]]/.test(content)) {
      open = readMath(content, map[0], open);
    }
  }
  return open;
}

const mathEnds: Readonly<Record<string, string>> = { $$: "$$", "\\[": "\\]" };

/** @param firstLine of the text, counted in its message */
function readMath(text: string, firstLine: number, before: OpenMath | null): OpenMath | null {
  const ends = codeEnds(text);
  let open = before;
  let line = firstLine;
  let isLineStart = true;
  let codeEnd = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "\n") {
      line += 1;
      isLineStart = true;
      continue;
    }
    if (at < codeEnd || sign === " ") continue;
    const pair = text.slice(at, at + 2);
    const end = mathEnds[pair];
    if (sign === "`") codeEnd = ends.get(at) ?? at;
    else if (open?.end === pair) open = null;
    else if (!open && isLineStart && end) open = { line, begin: pair, end };
    // The second sign of a pair begins nothing.
    if (end !== undefined || sign === "\\") at += text[at + 1] === "\n" ? 0 : 1;
    isLineStart = false;
  }
  return open;
}
