/** The part of a text that shows why it was found. */
import type { SnippetPiece } from "../../contracts/search.ts";
import { characterKind, type SearchWord } from "./match-expression.ts";

/** Characters of a snippet, and how many of them come before the first match. */
const snippetLength = 180;
const leadLength = 50;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the text around its first match, and marks all matches in it.
 *
 * @param text whole text; lines become one
 * @param words the query's; where none is found, the snippet is the text's beginning
 */
export function makeSnippet(text: string, words: readonly SearchWord[]): SnippetPiece[] {
  const line = text.replace(/\s+/g, " ").trim().normalize("NFC");
  const spans = findSpans(line, words);
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

/** Where the words are, in order; some may overlap. */
function findSpans(line: string, words: readonly SearchWord[]): Span[] {
  const folded = foldText(line);
  const spans: Span[] = [];
  for (const { text, kind } of words) {
    const wanted = foldText(text).text;
    if (wanted === "") continue;
    for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + 1)) {
      const start = folded.places[at] ?? 0;
      const end = folded.places[at + wanted.length] ?? line.length;
      if (kind !== "part" && isInsideWord(line, start)) continue;
      if (kind === "whole" && isInsideWord(line, end)) continue;
      spans.push({ start, end: kind === "prefix" ? endOfWord(line, end) : end });
    }
  }
  return spans.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Without accents and case, with the place in the text that each character comes from. */
function foldText(text: string): { text: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let place = 0;
  for (const character of text) {
    const plain = character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    for (let unit = 0; unit < plain.length; unit++) places.push(place);
    folded += plain;
    place += character.length;
  }
  places.push(text.length);
  return { text: folded, places };
}

/** Whether a place is between two characters of one word. */
function isInsideWord(text: string, place: number): boolean {
  return isWordAt(text, previousPlace(text, place)) && isWordAt(text, place);
}

function isWordAt(text: string, place: number): boolean {
  const code = place < 0 ? undefined : text.codePointAt(place);
  return code !== undefined && characterKind(String.fromCodePoint(code)) === "word";
}

function endOfWord(text: string, place: number): number {
  let end = place;
  while (end < text.length && isWordAt(text, end)) end = nextPlace(text, end);
  return end;
}

/** Steps over a character, which may be two units. */
function nextPlace(text: string, place: number): number {
  return place + ((text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1);
}

function previousPlace(text: string, place: number): number {
  const isPair = place > 1 && (text.codePointAt(place - 2) ?? 0) > 0xffff;
  return place - (isPair ? 2 : 1);
}

/** Some way before the match, at the beginning of a word where there is one. */
function startOfSnippet(line: string, match: number): number {
  if (match <= leadLength) return 0;
  const earliest = match - leadLength;
  const space = line.indexOf(" ", earliest);
  if (space >= 0 && space < match) return space + 1;
  return isSecondUnit(line, earliest) ? earliest - 1 : earliest;
}

function endOfSnippet(line: string, from: number): number {
  const latest = from + snippetLength;
  if (latest >= line.length) return line.length;
  const space = line.lastIndexOf(" ", latest);
  if (space > from + snippetLength / 2) return space;
  return isSecondUnit(line, latest) ? latest - 1 : latest;
}

function isSecondUnit(text: string, place: number): boolean {
  return previousPlace(text, place + 1) === place - 1;
}
