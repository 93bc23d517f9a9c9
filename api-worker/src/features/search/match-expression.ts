/**
 * What a person has typed, as words and as an expression for the index. Divides text in the way
 * that the view `searchWords` does (db/migrations/content/0004_search.sql).
 */

/** More words than these are left out, and of a longer word its beginning is looked for. */
const wordsMax = 16;
const wordMaxLength = 64;

export interface SearchWord {
  readonly text: string;
  /** `part`: Chinese, Japanese or Korean, found anywhere. `prefix`: the beginning of a word. */
  readonly kind: "whole" | "prefix" | "part";
}

/** Stands for the kind of entry and the number of its owner, which only the database knows. */
export const ownerMark = "\u0001";

type CharacterKind = "word" | "alone" | "gap";

/** First and last code points of characters that are words of their own. */
const aloneRanges: readonly (readonly [number, number])[] = [
  [12353, 12447],
  [12449, 12538],
  [12540, 12687],
  [12704, 12735],
  [12784, 12799],
  [13312, 19903],
  [19968, 40959],
  [44032, 55215],
  [63744, 64255],
  [65382, 65500],
  [131072, 205743],
  [12293, 12294],
];

/** First and last code points of signs, with some numbers and marks among them. */
const gapRanges: readonly (readonly [number, number])[] = [
  [8192, 11263],
  [11776, 12352],
  [57344, 63743],
  [65024, 65135],
  [65280, 65295],
  [65306, 65312],
  [65339, 65344],
  [65371, 65381],
  [126976, 0x10ffff],
];

/** What a character is for the index: part of a word, a word of its own, or between words. */
export function characterKind(character: string): CharacterKind {
  const code = character.codePointAt(0) ?? 0;
  const isIn = ([first, last]: readonly [number, number]) => first <= code && code <= last;
  if (aloneRanges.some(isIn)) return "alone";
  if (gapRanges.some(isIn)) return "gap";
  return /[\p{L}\p{N}\p{M}]/u.test(character) ? "word" : "gap";
}

/** The words of a query; none when it has nothing but signs and spaces. */
export function readWords(query: string): SearchWord[] {
  const runs: { kind: CharacterKind; text: string }[] = [];
  for (const character of query.normalize("NFC")) {
    const kind = characterKind(character);
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += character;
    else runs.push({ kind, text: character });
  }
  const words = runs.filter(({ kind }) => kind !== "gap").slice(0, wordsMax);
  return words.map(({ kind, text }, index) => {
    const characters = [...text];
    const shown = characters.slice(0, wordMaxLength).join("");
    if (kind === "alone") return { text: shown, kind: "part" };
    const isCut = characters.length > wordMaxLength;
    const isUnfinished = index === words.length - 1 && characters.length > 1;
    return { text: shown, kind: isCut || isUnfinished ? "prefix" : "whole" };
  });
}

/**
 * The words in the index's language, quoted, so that nothing in them is an operator.
 *
 * @param words at least one
 * @see https://sqlite.org/fts5.html#full_text_query_syntax
 */
export function matchExpression(words: readonly SearchWord[]): string {
  return words
    .map(({ text, kind }) => {
      if (kind === "part") return `"${[...text].map((one) => ownerMark + one).join(" ")}"`;
      return `"${ownerMark}${text}"${kind === "prefix" ? " *" : ""}`;
    })
    .join(" AND ");
}
