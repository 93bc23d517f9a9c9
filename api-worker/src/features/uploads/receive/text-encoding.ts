/**
 * Recognises the encodings of texts: UTF-8, UTF-16, and the one of Western European files of
 * Windows, which contains Latin-1. Other encodings are not guessed, because a wrong guess is a text
 * of wrong words (see docs/decisions/0041-text-encodings.md).
 */

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Control characters that no text has. Escape begins colours in logs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for.
const controls = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** Whether a decoded text has characters that only binary files have. */
export function hasControls(text: string): boolean {
  return controls.test(text);
}

/**
 * The UTF-16 that a file is in, by its byte order mark or by the zero bytes of its Latin letters.
 *
 * @param head the file's first bytes
 * @returns null for a file that is not clearly UTF-16
 */
export function utf16Of(head: Uint8Array): "utf-16le" | "utf-16be" | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const pairs = Math.floor(head.length / 2);
  if (pairs < 2) return null;
  const zeros = { even: 0, odd: 0 };
  for (let at = 0; at < pairs * 2; at += 1) {
    if (head[at] === 0) zeros[at % 2 === 0 ? "even" : "odd"] += 1;
  }
  // Some characters have a zero as their other byte.
  const { even, odd } = zeros;
  if (odd >= pairs / 2 && even <= odd / 20) return "utf-16le";
  if (even >= pairs / 2 && odd <= even / 20) return "utf-16be";
  return null;
}

/** Decodes bytes; null for bytes that are not in the encoding. @param isWhole whether they end */
export function decodeStrictly(
  bytes: Uint8Array,
  encoding: TextEncoding,
  isWhole: boolean,
): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes, {
      stream: !isWhole,
    });
  } catch {
    return null;
  }
}

/** Letters that many languages of the West have, in names of people and places at least. */
const common = "áàâäåçéèêëíñóôöúüß";
/** The other letters of Western languages: those that are used together. */
const rare = ["æîïœùûÿ", "ìîòù", "æø", "šž", "æðþý", "ãõ", "õšž", "ïò", "îïû"];

/** A sign that is no letter, between two letters: ½, ¿ and the like. Not an apostrophe or dash. */
const signInWord = /\p{L}[^\p{L}\p{N}\p{M}\s\x21-\x7e’‘´–—·\u00ad\u00a0/]\p{L}/u;
const capitalInWord = /\p{Ll}[À-ÖØ-ÞŒŠŽŸ]/u;
/** Bytes that are no character of Windows-1252, and signs that almost no text has. */
const unlikely = /[\x80-\x9fƒˆ˜†‡‰¤¦¨¬¯¸]/u;
const nonAscii = /[^\0-\x7f]/;
const letters = /[À-ÖØ-öø-ÿŒœŠšŽžŸ]/gu;
/** The accented letters of some languages as they are listed. */
const alphabets = /^(?:äöüß?|åäö|æøå)$/i;
const lettersTogether = /[À-ÖØ-öø-ÿŒœŠšŽžŸ]{2,}/gu;

/**
 * Whether a text reads like one of a Western European language, and not like another encoding taken
 * for Windows-1252: those show signs inside words, rows of accented letters, and letters together
 * that no language has together.
 *
 * @param text decoded as Windows-1252
 */
export function isWestern(text: string): boolean {
  if (!nonAscii.test(text) || hasControls(text) || unlikely.test(text)) return false;
  if (signInWord.test(text) || capitalInWord.test(text)) return false;
  const found = text.match(letters) ?? [];
  if (oddlyTogether(text) > found.length * 0.2) return false;
  const seen = new Set(found.map((letter) => letter.toLowerCase()));
  const others = [...seen].filter((letter) => !common.includes(letter));
  return others.length === 0 || rare.some((set) => others.every((letter) => set.includes(letter)));
}

/** Counts accented letters in rows: of three and more, or of two without a plain letter beside. */
function oddlyTogether(text: string): number {
  let count = 0;
  for (const { 0: row, index } of text.matchAll(lettersTogether)) {
    const isInWord = /[a-z]/i.test(`${text[index - 1] ?? ""}${text[index + row.length] ?? ""}`);
    if (!(row.length === 2 && isInWord) && !alphabets.test(row)) count += row.length;
  }
  return count;
}
