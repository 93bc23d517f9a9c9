/**
 * CSV as rows of source texts. A cell keeps the text that it has in the file, with its quotes, and
 * a row keeps its line break, so that what was not edited is written byte for byte as it was read.
 * Malformed quotes are read as Papa Parse reads them: the cell goes on to the next closing quote.
 */

/** One row of a sheet, as it stands in the file. */
export interface SheetRow {
  /** The text of each cell, with its quotes. At least one. */
  readonly raws: readonly string[];
  /** The line break after the row; empty at most for the last row. */
  readonly ending: string;
}

/** A sheet: the pieces of its text. */
export interface Sheet {
  /** The byte order mark at the start, or nothing. */
  readonly mark: string;
  readonly delimiter: string;
  readonly rows: readonly SheetRow[];
}

const byteOrderMark = "\uFEFF";
/** What may separate cells. */
const delimiters = [",", ";", "\t"] as const;

/** Reads a text as a sheet. */
export function readSheet(text: string): Sheet {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const body = text.slice(mark.length);
  const delimiter = findDelimiter(body);
  return { mark, delimiter, rows: readRows(body, delimiter) };
}

/** Writes a sheet as a text. */
export function writeSheet({ mark, delimiter, rows }: Sheet): string {
  return mark + rows.map(({ raws, ending }) => raws.join(delimiter) + ending).join("");
}

/**
 * Finds what separates the cells of a text: what stands behind its first cell. Only that cell
 * decides, so that an edit of another one never changes how the text is read.
 */
export function findDelimiter(body: string): string {
  const end = /[,;\t\r\n]/g;
  if (body.startsWith('"')) end.lastIndex = quotedEnd(body, 0, delimiters) ?? body.length;
  const found = end.exec(body)?.[0];
  return delimiters.find((delimiter) => delimiter === found) ?? ",";
}

/**
 * Reads the rows of a text that begins with a row. Any of the three line breaks ends a row.
 */
export function readRows(text: string, delimiter: string): SheetRow[] {
  const rows: SheetRow[] = [];
  const separator = delimiter === "," ? /[,\r\n]/g : delimiter === ";" ? /[;\r\n]/g : /[\t\r\n]/g;
  let raws: string[] = [];
  let start = 0;
  while (start < text.length || raws.length > 0) {
    separator.lastIndex =
      text[start] === '"' ? (quotedEnd(text, start, [delimiter]) ?? text.length) : start;
    const match = separator.exec(text);
    const end = match?.index ?? text.length;
    raws.push(text.slice(start, end));
    if (match?.[0] === delimiter) {
      start = end + 1;
      continue;
    }
    const ending = text.startsWith("\r\n", end) ? "\r\n" : (match?.[0] ?? "");
    rows.push({ raws, ending });
    raws = [];
    start = end + ending.length;
  }
  return rows;
}

const blank = /[^\S\r\n]/;

/**
 * Finds the end of a quoted cell. Its closing quote is the first one that a delimiter, a line break
 * or the end of the text follows, perhaps after white space.
 *
 * @param start where its opening quote is
 * @returns the place after its closing quote; null when it has none
 */
function quotedEnd(text: string, start: number, ends: readonly string[]): number | null {
  let at = text.indexOf('"', start + 1);
  while (at !== -1) {
    if (text[at + 1] === '"') {
      at = text.indexOf('"', at + 2);
      continue;
    }
    let next = at + 1;
    while (next < text.length && !ends.includes(text[next] ?? "") && blank.test(text[next] ?? "")) {
      next += 1;
    }
    const after = text[next];
    const isEnd = after === undefined || after === "\r" || after === "\n" || ends.includes(after);
    if (isEnd) return at + 1;
    at = text.indexOf('"', at + 1);
  }
  return null;
}

/** The value of a cell. */
export function textOf(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  const close = closingQuote(raw);
  // Without a closing quote nothing is known to be escaped.
  if (close === null) return raw.slice(1);
  return raw.slice(1, close).replaceAll('""', '"');
}

/** Whether a cell has an opening quote and no closing one: only the last cell of a text may. */
export function isUnclosed(raw: string): boolean {
  return raw.startsWith('"') && closingQuote(raw) === null;
}

/** Where a cell's closing quote is: an even number of quotes stand before it, and blanks after. */
function closingQuote(raw: string): number | null {
  const close = raw.trimEnd().length - 1;
  return close > 0 && quotedEnd(raw.slice(0, close + 1), 0, []) === close + 1 ? close : null;
}

/**
 * Writes a value as a cell's text.
 *
 * @param isQuoted whether it gets quotes also if it needs none
 */
export function rawOf(value: string, isQuoted = false): string {
  // All delimiters, so that the first cell never shows another one outside of quotes.
  const needsQuotes = /["\r\n,;\t]/.test(value) || value.startsWith(byteOrderMark);
  return isQuoted || needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The line break that new rows get: that of the first row. */
export function usualEnding({ rows }: Sheet): string {
  return rows[0]?.ending || "\n";
}

/** The number of columns of the longest row. */
export function countColumns(rows: readonly SheetRow[]): number {
  return rows.reduce((most, { raws }) => Math.max(most, raws.length), 0);
}

/** The values of a row. */
export function valuesOf({ raws }: SheetRow): string[] {
  return raws.map(textOf);
}
