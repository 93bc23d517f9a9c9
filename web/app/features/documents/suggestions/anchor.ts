/** Finds the text of a suggestion in a document that may have changed since. */

export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A text that is there more than once is taken only this near to where it was, in characters. */
const nearMax = 1_000;

/**
 * Finds the one place of a text: anywhere, if it is there once; otherwise near to where it was, if
 * it is there once.
 *
 * @param expected where it was
 * @returns null when there is no such place, or no telling which it is
 */
export function findPlace(content: string, original: string, expected: number): TextRange | null {
  const anywhere = findOnce(content, original, 0);
  if (anywhere !== null || !content.includes(original)) return anywhere;
  const from = Math.max(0, expected - nearMax);
  return findOnce(content.slice(from, expected + original.length + nearMax), original, from);
}

/**
 * Finds a text again that an edit has torn apart or put back: where its range is now, it must touch.
 *
 * @param read returns a part of the document, cut off at its ends
 * @param length of the document
 */
export function findTouching(
  read: (from: number, to: number) => string,
  length: number,
  original: string,
  range: TextRange,
): TextRange | null {
  const from = Math.max(0, range.from - original.length);
  const to = Math.min(length, range.to + original.length);
  return findOnce(read(from, to), original, from);
}

function findOnce(content: string, original: string, offset: number): TextRange | null {
  const at = content.indexOf(original);
  if (at === -1 || content.includes(original, at + 1)) return null;
  return { from: offset + at, to: offset + at + original.length };
}
