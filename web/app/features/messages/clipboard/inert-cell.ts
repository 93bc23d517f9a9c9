import { type Copied, wordsOf } from "./copied.ts";

const opener = /^\s*[=+\-@＝＋－＠]/;
/** A number with its unit, or signs alone. Neither of them can call a function or name a file. */
const harmless = /^[+-](?:\s?[\d.,][^(|!'"=@[{\\]*|[+\-\s]*)$/;
const thousandsMark = /(?<=\d)['’](?=\d{3})/g;

/**
 * Puts an apostrophe before the words of a cell that a spreadsheet would run as a formula. The model
 * writes the cells, perhaps as a web page that it has read told it to, and a formula can send the
 * rest of the sheet to any site.
 */
export function inertCell(children: readonly Copied[]): readonly Copied[] {
  const words = wordsOf(children);
  const isFormula = opener.test(words) && !harmless.test(words.trim().replace(thousandsMark, ""));
  return isFormula ? ["'", ...children] : children;
}
