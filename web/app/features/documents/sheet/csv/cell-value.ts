import { type SheetRow, textOf } from "./csv-text.ts";

/** The value of a cell; nothing where the row is shorter. */
export function cellValue(row: SheetRow | undefined, column: number): string {
  return textOf(row?.raws[column] ?? "");
}

/** The name of a column: A to Z, AA, AB and so on. */
export function letterOf(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : letterOf(Math.floor(column / 26) - 1) + letter;
}
