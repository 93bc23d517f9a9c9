/** The part of a text that shows why it was found. */
import { startOfGrapheme } from "../../../contracts/cut-text.ts";
import type { SnippetPiece } from "../../../contracts/search.ts";
import { type Token, tokensOf } from "./divide.ts";
import { type Span, spanAtEnd, type Term, termTokensMax } from "./terms.ts";

/** Characters of a snippet, and how many of them come before the first match. */
const snippetLength = 180;
const leadLength = 50;

export interface Snippet {
  /** null when the text does not have all terms. */
  readonly pieces: SnippetPiece[] | null;
  /** How many characters of the text were divided into words. */
  readonly dividedLength: number;
}

/**
 * Cuts the text around its first match, and marks all matches in it. Reads the text until all terms
 * are found and the snippet is full.
 *
 * @param text whole text; lines become one
 */
export function makeSnippet(text: string, terms: readonly Term[]): Snippet {
  const line = text.replace(/\s+/g, " ").trim();
  const { spans, dividedLength } = findSpans(tokensOf(line), terms);
  const pieces = spans && cutAround(line, spans);
  return { pieces, dividedLength: pieces ? dividedLength : line.length };
}

/**
 * Finds the terms in a text, by the same rules as the index.
 *
 * @returns the places in order, some of which may overlap, at least as far as a snippet goes; null
 *   when a term is missing
 */
function findSpans(
  tokens: Iterable<Token>,
  terms: readonly Term[],
): { spans: Span[] | null; dividedLength: number } {
  const read: Token[] = [];
  const spans: Span[] = [];
  const missing = new Set(terms);
  let firstStart = Number.POSITIVE_INFINITY;
  let dividedLength = 0;
  let beyond = 0;
  for (const token of tokens) {
    // Only those that a term may still begin with.
    if (read.length > 2 * termTokensMax) read.splice(0, termTokensMax);
    read.push(token);
    dividedLength = token.end;
    for (const term of terms) {
      const span = spanAtEnd(read, term);
      if (!span) continue;
      missing.delete(term);
      firstStart = Math.min(firstStart, span.start);
      if (span.start < firstStart + snippetLength) spans.push(span);
    }
    if (missing.size > 0 || token.start < firstStart + snippetLength) continue;
    // A term that begins in the snippet may still end beyond it.
    beyond += 1;
    if (beyond > termTokensMax) break;
  }
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  return { spans: missing.size === 0 ? spans : null, dividedLength };
}

function cutAround(line: string, spans: readonly Span[]): SnippetPiece[] {
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
