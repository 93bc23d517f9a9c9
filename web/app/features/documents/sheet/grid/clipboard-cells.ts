import { isUnclosed, readRows, readSheet, type Sheet, valuesOf } from "../csv/csv-text.ts";
import { type CellPlace, setCells } from "../csv/sheet-edits.ts";

/**
 * Pastes a text from the clipboard. Spreadsheets give rows of cells with tabs between them. CSV that
 * is pasted into an empty sheet is taken as it is, byte for byte.
 */
export function pasteText(sheet: Sheet, place: CellPlace, text: string): Sheet {
  if (sheet.rows.length === 0 && !text.includes("\t") && /[\r\n]/.test(text)) {
    return readSheet(text);
  }
  return setCells(sheet, place, readCells(text));
}

function readCells(text: string): readonly (readonly string[])[] {
  const rows = readRows(text, "\t");
  // A quotation mark that nothing closes is one of the text.
  if (isUnclosed(rows.at(-1)?.raws.at(-1) ?? "")) {
    return text
      .replace(/\r\n?|\n$/g, (end) => (end === "\n" ? "" : "\n"))
      .split("\n")
      .map((line) => line.split("\t"));
  }
  return rows.map(valuesOf);
}
