/** Makes spellings equal that a person who searches does not tell apart. */

/**
 * Marks that are left out: accents of Latin, Greek and Cyrillic letters, vowel signs of Hebrew and
 * Arabic, tone of emoji, variation selectors. Marks of other scripts stay, because they are vowels
 * there.
 */
const droppedMarks = oneOf([
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x0591, 0x05c7],
  [0x0610, 0x061a],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x06d6, 0x06ed],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0x1f3fb, 0x1f3ff],
  [0xe0100, 0xe01ef],
]);

/** Letters that Unicode does not take apart, and letters of Persian that Arabic writes differently. */
const foldedLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ł: "l",
  ŧ: "t",
  þ: "th",
  ς: "σ",
  ی: "ي",
  ى: "ي",
  ک: "ك",
};
const foldedLetter = new RegExp(`[${Object.keys(foldedLetters).join("")}]`, "gu");

/** First digits of decimal scripts besides ASCII; the digits of each follow it. */
const zeros = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x0ed0, 0x1040, 0x17e0];
const foldedDigit = /[٠-٩۰-۹०-९০-৯๐-๙໐-໙၀-၉០-៩]/gu;

/** Characters that are not seen: joiners, soft hyphens, direction marks, the Arabic lengthening. */
const invisible = oneOf([
  [0x00ad, 0x00ad],
  [0x061c, 0x061c],
  [0x0640, 0x0640],
  [0x180e, 0x180e],
  [0x200c, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0xfeff, 0xfeff],
]);

/**
 * Folds a piece of text: compatibility forms (NFKC), case, accents, digits.
 *
 * @param text a piece that no combining mark follows
 */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(droppedMarks, "")
    .replace(invisible, "")
    .replace(foldedLetter, (letter) => foldedLetters[letter] ?? letter)
    .replace(foldedDigit, toAsciiDigit)
    .normalize("NFKC");
}

function toAsciiDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = zeros.find((first) => code >= first && code < first + 10) ?? code;
  return String(code - zero);
}

/** Matches each character of some ranges of code points. */
function oneOf(ranges: readonly (readonly [first: number, last: number])[]): RegExp {
  const escaped = ranges.map((range) => range.map((code) => `\\u{${code.toString(16)}}`).join("-"));
  return new RegExp(`[${escaped.join("")}]`, "gu");
}
