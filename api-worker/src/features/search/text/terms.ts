/** What a person has typed, as terms, as an expression for the index, and as places in a text. */
import { divide, type Token } from "./divide.ts";

/** Further terms are left out, and of a longer run of characters its beginning is searched for. */
const termsMax = 16;
const charactersMax = 64;

/** A word, or a run of characters that are found anywhere. A hit has all terms. */
export interface Term {
  readonly kind: Token["kind"];
  /** One for a word. */
  readonly texts: readonly string[];
  /** The last text may be the beginning of a longer one. */
  readonly isPrefix: boolean;
}

/** Reads a query. No character in it has a special meaning. @returns [] for one without words */
export function readTerms(query: string): Term[] {
  const runs: { kind: Token["kind"]; texts: string[]; end: number; isSingle: boolean }[] = [];
  for (const { kind, text, start, end } of divide(query)) {
    const last = runs.at(-1);
    if (kind === "character" && last?.kind === kind && last.end === start) {
      last.texts.push(text);
      last.end = end;
    } else {
      runs.push({ kind, texts: [text], end, isSingle: [...text].length === 1 });
    }
  }
  const used = runs.slice(0, termsMax);
  return used.map(({ kind, texts, isSingle }, index) => ({
    kind,
    texts: texts.slice(0, charactersMax),
    // The last word is being typed. Of a character, marks may follow (Thai, Burmese).
    isPrefix: kind === "character" || (index === used.length - 1 && !isSingle),
  }));
}

/**
 * The terms in FTS5's language, quoted, so that nothing in them is an operator.
 *
 * @param terms at least one
 * @see https://sqlite.org/fts5.html#full_text_query_syntax
 */
export function matchExpression(terms: readonly Term[]): string {
  return terms
    .map(({ texts, isPrefix }) => `"${texts.join(" ")}"${isPrefix ? " *" : ""}`)
    .join(" AND ");
}

/** A place in a text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The most tokens that one term has. */
export const termTokensMax = charactersMax;

/**
 * Finds the places where a term ends with the last of some tokens.
 *
 * @param tokens of a text from its beginning, as far as it has been read
 */
export function spanAtEnd(tokens: readonly Token[], { texts, isPrefix }: Term): Span | undefined {
  const lastText = texts.length - 1;
  const from = tokens.length - texts.length;
  if (from < 0) return undefined;
  const isThere = texts.every((text, offset) => {
    const token = tokens[from + offset]?.text;
    return token === text || (isPrefix && offset === lastText && token?.startsWith(text));
  });
  const [first, last] = [tokens[from], tokens.at(-1)];
  return isThere && first && last ? { start: first.start, end: last.end } : undefined;
}
