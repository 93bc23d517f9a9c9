/** Divides text into the words that the index holds and that a query looks for. */
import { fold } from "./fold.ts";

/** A word of a text, or a character of a script that puts no spaces between words. */
export interface Token {
  /** Folded. */
  readonly text: string;
  /** `character`: found as a part of any longer run, as in Chinese or Thai, and for emoji. */
  readonly kind: "word" | "character";
  /** Place in the text, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A longer word counts as its beginning, in the index and in a query. */
export const wordMaxLength = 64;

/**
 * What is folded as one: a Hangul syllable in conjoining letters, a half-width Katakana letter with
 * its voice mark, or any character, each with the marks that follow it.
 */
const unit =
  /(?:[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6][\u11a8-\u11ff\ud7cb-\ud7fb]?|[\uff66-\uff9d][\uff9e\uff9f]|.)[\p{M}\p{Emoji_Modifier}]*/suy;

type CharacterKind = Token["kind"] | "gap";

/** Scripts that are written without spaces between words, and Korean, whose words carry endings. */
const unspaced =
  /[[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tale}\p{scx=Talu}\p{scx=Lana}\p{scx=Tavt}\p{scx=Java}\p{scx=Bali}]&&[\p{L}\p{M}\p{Nl}\p{No}]]/v;
const partOfWord = /[\p{L}\p{N}\p{M}]/u;
const emoji = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/** What each character of the Basic Multilingual Plane is, filled as they are met: 0 is unknown. */
const kindCodes = new Uint8Array(0x10000);
const kinds = ["word", "character", "gap"] as const satisfies readonly CharacterKind[];

function kindOf(character: string): CharacterKind {
  const code = character.codePointAt(0) ?? 0;
  if (code >= kindCodes.length) return computeKind(character);
  const known = kindCodes[code] || 1 + kinds.indexOf(computeKind(character));
  kindCodes[code] = known;
  return kinds[known - 1] ?? "gap";
}

function computeKind(character: string): CharacterKind {
  if (unspaced.test(character)) return "character";
  if (partOfWord.test(character)) return "word";
  return emoji.test(character) ? "character" : "gap";
}

/**
 * Divides a text. Signs and spaces separate words and are left out.
 *
 * @returns the tokens in order. Several may come from one place, where a single character stands
 *   for more than one word.
 */
export function divide(text: string): Token[] {
  return [...tokensOf(text)];
}

/** The tokens of {@link divide}, one after the other: a reader that stops early saves the rest. */
export function* tokensOf(text: string): Generator<Token, void> {
  let word: { text: string; start: number; end: number } | undefined;
  const ascii = /[0-9A-Za-z]+|[\0-\x7f]/y;
  for (let at = 0; at < text.length; ) {
    ascii.lastIndex = at;
    let found = ascii.exec(text)?.[0] ?? "";
    const next = text.charCodeAt(at + found.length);
    // Its last letter may have marks: the unit below has them too.
    if (found && next >= 0x80) found = found.slice(0, -1);
    let folded = found.toLowerCase();
    if (!found) {
      unit.lastIndex = at;
      found = unit.exec(text)?.[0] ?? "";
      folded = foldUnit(found);
    }
    const end = at + found.length;
    for (const { text: piece, kind } of piecesOf(folded)) {
      if (kind === "word") {
        if (word) word = { text: word.text + piece, start: word.start, end };
        else word = { text: piece, start: at, end };
        continue;
      }
      if (word) yield { ...word, text: cut(word.text), kind: "word" };
      word = undefined;
      if (kind === "character") yield { text: piece, kind, start: at, end };
    }
    at = end;
  }
  if (word) yield { ...word, text: cut(word.text), kind: "word" };
}

/** Foldings of units, which are few in a text. */
const folded = new Map<string, string>();
const foldedMax = 20_000;

function foldUnit(text: string): string {
  // A text without end of marks on one letter is no writing.
  if (text.length > 64) return fold(text.slice(0, 64));
  const known = folded.get(text);
  if (known !== undefined) return known;
  if (folded.size >= foldedMax) folded.clear();
  const result = fold(text);
  folded.set(text, result);
  return result;
}

/** Splits folded text where the kind changes, and into characters where each is one of its own. */
function piecesOf(text: string): { text: string; kind: CharacterKind }[] {
  if (/^[0-9a-z]+$/.test(text)) return [{ text, kind: "word" }];
  const pieces: { text: string; kind: CharacterKind }[] = [];
  for (const character of text) {
    const kind = kindOf(character);
    const last = pieces.at(-1);
    const isMark = last?.kind === "character" && /^\p{M}$/u.test(character);
    if (last && (isMark || (kind === "word" && last.kind === "word"))) last.text += character;
    else pieces.push({ text: character, kind });
  }
  return pieces;
}

/** The first 64 characters. */
function cut(word: string): string {
  if (word.length <= wordMaxLength) return word;
  return [...word].slice(0, wordMaxLength).join("");
}
