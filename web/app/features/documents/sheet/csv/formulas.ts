import { rawOf, readSheet, type Sheet, textOf, writeSheet } from "./csv-text.ts";

/** What spreadsheet programs take for the beginning of a formula. */
const opening = /^\s*[=+\-@\t\r\n＝＋－＠]/;
/** Signed numbers, also with a percent or currency sign, which are none. */
const signedNumber = /^\s*[+-]\s?[$€£¥]?\d[\d.,\s]*([eE][+-]?\d+)?\s?[%$€£¥]?\s*$/;

/** Whether spreadsheet programs may run a value as a formula when they open the file. */
export function isFormula(value: string): boolean {
  return opening.test(value) && !signedNumber.test(value);
}

/** The number of cells that spreadsheet programs may run. */
export function countFormulas(text: string): number {
  return readSheet(text).rows.reduce(
    (sum, { raws }) => sum + raws.filter((raw) => isFormula(textOf(raw))).length,
    0,
  );
}

/** Puts an apostrophe before each cell that may be run, so that it is taken for text. */
export function defuseFormulas(text: string): string {
  const sheet: Sheet = readSheet(text);
  const rows = sheet.rows.map((row) => ({
    ...row,
    raws: row.raws.map((raw) =>
      isFormula(textOf(raw)) ? rawOf(`'${textOf(raw)}`, raw.startsWith('"')) : raw,
    ),
  }));
  return writeSheet({ ...sheet, rows });
}
