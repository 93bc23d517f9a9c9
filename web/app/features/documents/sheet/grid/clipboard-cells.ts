import { escapeHtml } from "../../../../lib/escape-html.ts";
import { type CellRange, type CellValues, edgesOf, fillRange } from "../csv/cell-range.ts";
import { isUnclosed, readRows, readSheet, type Sheet, valuesOf } from "../csv/csv-text.ts";
import { setCells } from "../csv/sheet-edits.ts";

/** More cells are copied as text only, which takes a tenth of the memory. */
const htmlCellsMax = 50_000;

/**
 * Pastes a text from the clipboard. Spreadsheets give rows of cells with tabs between them, which
 * fill the chosen cells if they fit into them evenly. CSV that is pasted into an empty sheet is
 * taken as it is, byte for byte.
 *
 * @param range the chosen cells
 * @param most characters that may be pasted
 * @returns null when the chosen cells would be filled with more
 */
export function pasteText(
  sheet: Sheet,
  range: CellRange,
  text: string,
  most: number,
): Sheet | null {
  if (sheet.rows.length === 0 && !text.includes("\t") && /[\r\n]/.test(text)) {
    return readSheet(text);
  }
  const { top, left } = edgesOf(range);
  const values = fillRange(readCells(text), range, most);
  return values && setCells(sheet, { row: top, column: left }, values);
}

function readCells(text: string): CellValues {
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

/**
 * Puts cells on the clipboard as spreadsheets do: as text with tabs, and as a table. One cell is
 * copied as its value.
 */
export function writeCells(clipboard: DataTransfer, values: CellValues): void {
  const count = values.reduce((sum, line) => sum + line.length, 0);
  const isOne = count === 1;
  const lines = values.map((line) => line.map(isOne ? String : quoteCell).join("\t"));
  clipboard.setData("text/plain", lines.join("\n"));
  if (!isOne && count <= htmlCellsMax) clipboard.setData("text/html", tableOf(values));
}

function quoteCell(value: string): string {
  return /^"|[\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function tableOf(values: CellValues): string {
  const rows = values.map(
    (line) => `<tr>${line.map((value) => `<td>${escapeCell(value)}</td>`).join("")}</tr>`,
  );
  return `<table><tbody>${rows.join("")}</tbody></table>`;
}

function escapeCell(value: string): string {
  return (
    escapeHtml(value)
      // Excel takes another line break for the beginning of a row.
      .replace(/\r\n?|\n/g, '<br style="mso-data-placement:same-cell">')
  );
}
