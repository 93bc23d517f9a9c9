import { type Copied, wordsOf } from "./copied.ts";

const opener = /^\s*[=+\-@＝＋－＠]/;
/** A number with its unit, or signs alone. Nothing in it calls a function or names a file. */
const harmless = /^[+-](?:\s?[\d.,][^(|!'"=@[{\\]*|[+\-\s]*)$/;
const thousandsMark = /(?<=\d)['’](?=\d{3})/g;

/**
 * Puts an apostrophe before the words of a cell that a spreadsheet would run as a formula. A model
 * writes the cells, a page that it has read may have told it what, and a formula can send what else
 * is in the sheet to any site.
 */
export function inertCell(children: readonly Copied[]): readonly Copied[] {
  const words = wordsOf(children);
  const isFormula = opener.test(words) && !harmless.test(words.trim().replace(thousandsMark, ""));
  return isFormula ? ["'", ...children] : children;
}
