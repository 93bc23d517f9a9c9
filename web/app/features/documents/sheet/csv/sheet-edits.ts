import {
  countColumns,
  findDelimiter,
  isUnclosed,
  rawOf,
  type Sheet,
  type SheetRow,
  textOf,
  usualEnding,
} from "./csv-text.ts";

/** A place in a sheet. Both count from 0. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** Writes one cell. Only its own bytes change; a cell beyond the sheet makes the sheet grow. */
export function setCell(sheet: Sheet, place: CellPlace, value: string): Sheet {
  return setCells(sheet, place, [[value]]);
}

/** Writes a block of cells, whose first one comes to a place. Other cells keep their bytes. */
export function setCells(
  sheet: Sheet,
  { row, column }: CellPlace,
  values: readonly (readonly string[])[],
): Sheet {
  const isEmpty = values.every((line) => line.every((value) => value === ""));
  // Emptying what is not there adds nothing.
  const rows = isEmpty ? [...sheet.rows] : grow(sheet, row + values.length);
  let isChanged = rows.length !== sheet.rows.length;
  for (const [index, line] of values.entries()) {
    const old = rows[row + index];
    if (!old) break;
    const raws = writeValues(old.raws, column, line);
    if (raws === old.raws) continue;
    rows[row + index] = { ...old, raws };
    isChanged = true;
  }
  return isChanged ? settle(sheet, rows) : sheet;
}

function writeValues(old: readonly string[], column: number, values: readonly string[]) {
  const filled = values.findLastIndex((value) => value !== "") + 1;
  // Empty cells behind the row's end stay away.
  const end = Math.min(column + values.length, Math.max(old.length, column + filled));
  if (end <= column) return old;
  const raws = [...old];
  while (raws.length < end) raws.push("");
  let isChanged = raws.length !== old.length;
  for (let at = column; at < end; at += 1) {
    const before = raws[at] ?? "";
    const value = values[at - column] ?? "";
    if (textOf(before) === value) continue;
    raws[at] = rawOf(value, before.startsWith('"'));
    isChanged = true;
  }
  return isChanged ? raws : old;
}

/** Adds rows at the end until there are so many. @returns a copy */
function grow(sheet: Sheet, count: number): SheetRow[] {
  const { rows } = sheet;
  if (rows.length >= count) return [...rows];
  return withRows(sheet, rows.length, count - rows.length);
}

/** Adds empty rows, as long as the others, before a row. */
function withRows(sheet: Sheet, at: number, count: number): SheetRow[] {
  const { rows } = sheet;
  const raws = Array.from({ length: Math.max(1, countColumns(rows)) }, () => "");
  const ending = usualEnding(sheet);
  const added = Array.from({ length: count }, () => ({ raws, ending }));
  const last = rows.at(-1);
  if (at < rows.length || !last || last.ending !== "") return rows.toSpliced(at, 0, ...added);
  // The text ends without a line break, and goes on to do so.
  const before = rows.with(-1, { ...last, ending });
  return [...before, ...added.with(-1, { raws, ending: "" })];
}

/** Adds an empty row before one, or at the end. */
export function insertRow(sheet: Sheet, at: number): Sheet {
  return settle(sheet, withRows(sheet, at, 1));
}

export function deleteRow(sheet: Sheet, at: number): Sheet {
  const { rows } = sheet;
  if (!rows[at]) return sheet;
  const rest = rows.toSpliced(at, 1);
  return settle(sheet, at === rows.length - 1 ? endAs(rest, rows) : rest);
}

/** Gives the last row the ending that the last row had. */
function endAs(rows: SheetRow[], before: readonly SheetRow[]): SheetRow[] {
  const last = rows.at(-1);
  const ending = before.at(-1)?.ending ?? "";
  if (!last || (last.ending === "") === (ending === "")) return rows;
  return rows.with(-1, { ...last, ending });
}

/** Adds an empty column before one, or at the end. Rows that end before it stay as they are. */
export function insertColumn(sheet: Sheet, at: number): Sheet {
  const { rows } = sheet;
  if (rows.length === 0) return insertRow(sheet, 0);
  const width = countColumns(rows);
  return settle(
    sheet,
    rows.map((row, index) => {
      const { raws } = row;
      const isBlank = raws.length === 1 && raws[0] === "" && width > 1;
      // The first row makes the column be there.
      const padded = index === 0 ? pad(raws, at) : raws;
      if (padded.length < at || (isBlank && index > 0)) return row;
      return { ...row, raws: padded.toSpliced(at, 0, "") };
    }),
  );
}

function pad(raws: readonly string[], length: number): readonly string[] {
  if (raws.length >= length) return raws;
  return [...raws, ...Array.from({ length: length - raws.length }, () => "")];
}

export function deleteColumn(sheet: Sheet, at: number): Sheet {
  const { rows } = sheet;
  const width = countColumns(rows);
  if (at >= width) return sheet;
  if (width === 1) return { ...sheet, rows: [] };
  return settle(
    sheet,
    rows.map((row) => {
      if (row.raws.length <= at) return row;
      const raws = row.raws.toSpliced(at, 1);
      return { ...row, raws: raws.length === 0 ? [""] : raws };
    }),
  );
}

export interface SortOrder {
  readonly column: number;
  readonly isDescending: boolean;
  /** Whether the first row is a heading, which stays where it is. */
  readonly hasHeading: boolean;
}

/** Sorts the rows: numbers, then texts, then empty cells. Line breaks stay where they are. */
export function sortRows(sheet: Sheet, { column, isDescending, hasHeading }: SortOrder): Sheet {
  const { rows } = sheet;
  const collator = new Intl.Collator(undefined, { numeric: true });
  const sign = isDescending ? -1 : 1;
  const keys = rows.slice(hasHeading ? 1 : 0).map((row) => {
    const value = textOf(row.raws[column] ?? "").trim();
    return { row, value, number: value === "" ? Number.NaN : Number(value) };
  });
  keys.sort((one, other) => {
    const rank = rankOf(one) - rankOf(other);
    if (rank !== 0) return rankOf(one) === 2 || rankOf(other) === 2 ? rank : sign * rank;
    if (rankOf(one) === 0) return sign * (one.number - other.number);
    return sign * collator.compare(one.value, other.value);
  });
  const sorted = [...(hasHeading ? rows.slice(0, 1) : []), ...keys.map(({ row }) => row)];
  return settle(
    sheet,
    sorted.map((row, index) => ({ ...row, ending: rows[index]?.ending ?? "" })),
  );
}

function rankOf({ value, number }: { readonly value: string; readonly number: number }): number {
  return value === "" ? 2 : Number.isNaN(number) ? 1 : 0;
}

/**
 * Makes sure that rows which were moved or cut are read again as what they are. Most need nothing.
 *
 * @param rows become those of the sheet
 */
function settle(sheet: Sheet, rows: SheetRow[]): Sheet {
  if (rows.length === 0) return { ...sheet, delimiter: ",", rows };
  closeCells(sheet, rows);
  for (const [index, { raws, ending }] of rows.entries()) {
    if (raws.length > 1 || raws[0] !== "") continue;
    // A row of nothing would vanish at the end, or be taken for a part of the line break before it.
    const joinsBreak = rows[index - 1]?.ending === "\r" && ending.startsWith("\n");
    if (ending === "" || joinsBreak) rows[index] = { raws: ['""'], ending };
  }
  return settleFirstCell({ ...sheet, rows });
}

/** Closes the quote of the cell that ended the text, where something stands behind it now. */
function closeCells({ rows: before }: Sheet, rows: SheetRow[]): void {
  const tail = before.at(-1)?.raws.at(-1) ?? "";
  if (!isUnclosed(tail)) return;
  for (const [index, row] of rows.entries()) {
    if (!row.raws.includes(tail)) continue;
    const isLast = index === rows.length - 1 && row.ending === "";
    const raws = row.raws.map((raw, cell) =>
      raw === tail && !(isLast && cell === row.raws.length - 1) ? rawOf(textOf(raw), true) : raw,
    );
    rows[index] = { ...row, raws };
  }
}

/** Lets the first cell tell the delimiter, and begin with no byte order mark of its own. */
function settleFirstCell(sheet: Sheet): Sheet {
  const { mark, delimiter, rows } = sheet;
  const [first] = rows;
  if (!first) return sheet;
  if (delimiter !== "," && first.raws.length === 1) {
    return countColumns(rows) > 1
      ? settleFirstCell({ ...sheet, rows: rows.with(0, { ...first, raws: [...first.raws, ""] }) })
      : settleFirstCell({ ...sheet, delimiter: ",", rows: rows.map(quoteDelimiters) });
  }
  const beginsWithMark = mark === "" && first.raws[0]?.startsWith("\uFEFF");
  const [raw = ""] = first.raws;
  const isTold = findDelimiter(raw + (first.raws.length > 1 ? delimiter : "\n")) === delimiter;
  if (isTold && !beginsWithMark) return sheet;
  const raws = first.raws.with(0, rawOf(textOf(raw), true));
  return { ...sheet, rows: rows.with(0, { ...first, raws }) };
}

/** Writes the cells anew in which another delimiter could be seen. */
function quoteDelimiters(row: SheetRow): SheetRow {
  const raws = row.raws.map((raw) => (/[,;\t]/.test(raw) ? rawOf(textOf(raw), true) : raw));
  return { ...row, raws };
}
