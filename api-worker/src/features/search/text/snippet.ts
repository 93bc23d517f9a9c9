/** The part of a text that shows why it was found. */
import { startOfGrapheme } from "../../../contracts/cut-text.ts";
import type { SnippetPiece } from "../../../contracts/search.ts";
import { divide } from "./divide.ts";
import { findTerms, type Term } from "./terms.ts";

/** Characters of a snippet, and how many of them come before the first match. */
const snippetLength = 180;
const leadLength = 50;

/**
 * Cuts the text around its first match, and marks all matches in it.
 *
 * @param text whole text; lines become one
 * @returns null when the text does not have all terms
 */
export function makeSnippet(text: string, terms: readonly Term[]): SnippetPiece[] | null {
  const line = text.replace(/\s+/g, " ").trim();
  const spans = findTerms(divide(line), terms);
  if (!spans) return null;
  const from = startOfSnippet(line, spans[0]?.start ?? 0);
  const until = endOfSnippet(line, from);
  const pieces: SnippetPiece[] = [];
  const add = (piece: string, isMatch: boolean) => {
    if (piece !== "") pieces.push({ text: piece, isMatch });
  };
  let at = from;
  for (const { start, end } of spans) {
    if (start < at || end > until) continue;
    add(line.slice(at, start), false);
    add(line.slice(start, end), true);
    at = end;
  }
  add(line.slice(at, until), false);
  if (from > 0) pieces.unshift({ text: "…", isMatch: false });
  if (until < line.length) pieces.push({ text: "…", isMatch: false });
  return pieces;
}

/** Some way before the match, at the beginning of a word where there is one. */
function startOfSnippet(line: string, match: number): number {
  if (match <= leadLength) return 0;
  const earliest = match - leadLength;
  const space = line.indexOf(" ", earliest);
  if (space >= 0 && space < match) return space + 1;
  return startOfGrapheme(line, earliest);
}

function endOfSnippet(line: string, from: number): number {
  const latest = from + snippetLength;
  if (latest >= line.length) return line.length;
  const space = line.lastIndexOf(" ", latest);
  if (space > from + snippetLength / 2) return space;
  return startOfGrapheme(line, latest);
}
