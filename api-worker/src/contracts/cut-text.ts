/** Cuts texts between graphemes: what a reader takes for one character. Imports nothing. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The beginning of a text, in whole graphemes: a letter keeps its accents and vowel signs, and an
 * emoji its parts. Only a single grapheme that is longer than the limit is cut, between two code
 * points.
 *
 * @param maxLength UTF-16 code units
 */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength <= 0) return "";
  // Whether a grapheme ends at a place depends on what is before it and on the next code point.
  const start = text.slice(0, maxLength + 2);
  const end = segmenter.segment(start).containing(maxLength)?.index ?? 0;
  return end > 0 ? text.slice(0, end) : withoutHalf(text.slice(0, maxLength));
}

/** Graphemes are looked for in this many code units around a place. */
const around = 256;

/** The place where the grapheme begins that a place in a text is in. */
export function startOfGrapheme(text: string, place: number): number {
  const from = Math.max(0, place - around);
  const near = text.slice(from, place + around);
  return from + (segmenter.segment(near).containing(place - from)?.index ?? near.length);
}

/** The text without the first half of a surrogate pair at its end. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
