/** Blocks of cells: what of a sheet is in one, and what is done with it. */
import { letterOf } from "./cell-value.ts";
import { type Sheet, textOf } from "./csv-text.ts";
import { type CellPlace, setCells } from "./sheet-edits.ts";

/** A block of cells between two corners, both of which belong to it. */
export interface CellRange {
  /** Where it was begun: stays while the block is made larger or smaller. */
  readonly anchor: CellPlace;
  /** The corner that moves. */
  readonly corner: CellPlace;
}

/** Values in rows. All rows have the same length. */
export type CellValues = readonly (readonly string[])[];

interface Edges {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** @returns the block's first and last row and column */
export function edgesOf({ anchor, corner }: CellRange): Edges {
  return {
    top: Math.min(anchor.row, corner.row),
    bottom: Math.max(anchor.row, corner.row),
    left: Math.min(anchor.column, corner.column),
    right: Math.max(anchor.column, corner.column),
  };
}

export function isInRange(range: CellRange, { row, column }: CellPlace): boolean {
  const { top, bottom, left, right } = edgesOf(range);
  return row >= top && row <= bottom && column >= left && column <= right;
}

export function countCells(range: CellRange): number {
  const { top, bottom, left, right } = edgesOf(range);
  return (bottom - top + 1) * (right - left + 1);
}

/** @returns the block's name and size, as in "A1 to B3, 6 cells" */
export function describeRange(range: CellRange): string {
  const { top, bottom, left, right } = edgesOf(range);
  const nameOf = (row: number, column: number) => `${letterOf(column)}${row + 1}`;
  const count = countCells(range).toLocaleString("en");
  return `${nameOf(top, left)} to ${nameOf(bottom, right)}, ${count} cells`;
}

/** @returns the values of a block's cells; empty ones where the sheet ends before */
export function readRange({ rows }: Sheet, range: CellRange): CellValues {
  const { top, bottom, left, right } = edgesOf(range);
  return Array.from({ length: bottom - top + 1 }, (_, row) =>
    Array.from({ length: right - left + 1 }, (_, column) =>
      textOf(rows[top + row]?.raws[left + column] ?? ""),
    ),
  );
}

/** Empties a block's cells. */
export function clearRange(sheet: Sheet, range: CellRange): Sheet {
  const { top, bottom, left, right } = edgesOf(range);
  const line = Array.from({ length: right - left + 1 }, () => "");
  const count = Math.min(bottom, sheet.rows.length - 1) - top + 1;
  const lines = Array.from({ length: Math.max(0, count) }, () => line);
  return setCells(sheet, { row: top, column: left }, lines);
}

/**
 * Repeats values so that they fill a block, as spreadsheets do when cells are pasted into a larger
 * selection whose size is a multiple of theirs.
 *
 * @param most characters that the filled block may have
 * @returns the values for the block; the same values if they do not fit evenly; null when the block
 *   would be longer than `most`
 */
export function fillRange(values: CellValues, range: CellRange, most: number): CellValues | null {
  const { top, bottom, left, right } = edgesOf(range);
  const [height, width] = [bottom - top + 1, right - left + 1];
  const columns = values[0]?.length ?? 0;
  const isEven = values.every((line) => line.length === columns);
  if (!isEven || columns === 0 || height % values.length > 0 || width % columns > 0) return values;
  const copies = (height / values.length) * (width / columns);
  const length = values.flat().reduce((sum, value) => sum + value.length + 1, 0);
  if (length * copies > most) return null;
  return Array.from({ length: height }, (_, row) =>
    Array.from(
      { length: width },
      (_, column) => values[row % values.length]?.[column % columns] ?? "",
    ),
  );
}

/** How far keys can move the corner of a block. */
export interface CornerBounds {
  /** The last place of the grid, where there is room for more cells. */
  readonly grid: CellPlace;
  /** The last place of the sheet. */
  readonly sheet: CellPlace;
  /** Rows that Page Up and Page Down go. */
  readonly pageRows: number;
}

/**
 * Moves the corner of a block as a key with Shift does.
 *
 * @param isFar whether Control is held too: to the end instead of to the next cell
 * @returns null for a key that moves nothing
 */
export function moveCorner(
  key: string,
  isFar: boolean,
  { row, column }: CellPlace,
  { grid, sheet, pageRows }: CornerBounds,
): CellPlace | null {
  const moved = ((): CellPlace | null => {
    switch (key) {
      case "ArrowUp":
        return { row: isFar ? 0 : row - 1, column };
      case "ArrowDown":
        return { row: isFar ? sheet.row : row + 1, column };
      case "ArrowLeft":
        return { row, column: isFar ? 0 : column - 1 };
      case "ArrowRight":
        return { row, column: isFar ? sheet.column : column + 1 };
      case "Home":
        return { row: isFar ? 0 : row, column: 0 };
      case "End":
        return { row: isFar ? sheet.row : row, column: sheet.column };
      case "PageUp":
        return { row: row - pageRows, column };
      case "PageDown":
        return { row: row + pageRows, column };
      default:
        return null;
    }
  })();
  return (
    moved && {
      row: Math.min(grid.row, Math.max(0, moved.row)),
      column: Math.min(grid.column, Math.max(0, moved.column)),
    }
  );
}
