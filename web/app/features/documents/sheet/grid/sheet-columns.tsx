import type { Column } from "react-data-grid";
import { cellValue, letterOf } from "../csv/cell-value.ts";
import type { SheetRow } from "../csv/csv-text.ts";
import { CellEditor, columnOf } from "./cell-editor.tsx";

/** More of a cell is not shown in the grid. */
const shownLength = 300;
/** Rows that decide how wide a column is at first. */
const sampledRows = 60;
const number = /^\s*[+-]?[$€£¥]?\d[\d.,]*\s?%?\s*$/;

interface ColumnsOptions {
  readonly count: number;
  /** The first rows. */
  readonly sample: readonly SheetRow[];
  /** The heading of a column, while the row with the headings is not in view. */
  readonly headOf: (column: number) => string;
  readonly onType: (row: number, column: number, value: string) => void;
}

/** Makes the grid's columns: the rows' numbers, and one for each column of the sheet. */
export function makeColumns({ count, sample, headOf, onType }: ColumnsOptions): Column<SheetRow>[] {
  const numbers: Column<SheetRow> = {
    key: "number",
    name: "",
    width: 52,
    frozen: true,
    cellClass: "sheet-row-number",
    headerCellClass: "sheet-row-number",
    renderHeaderCell: () => <span className="sr-only">Row</span>,
    renderCell: ({ rowIdx }) => rowIdx + 1,
  };
  const columns = Array.from({ length: count }, (_, index): Column<SheetRow> => {
    const head = headOf(index);
    return {
      key: String(index),
      name: letterOf(index),
      width: widthOf(sample, index),
      minWidth: 56,
      resizable: true,
      cellClass: (row) => (number.test(cellValue(row, index)) ? "sheet-number" : null),
      renderHeaderCell: () => (
        <>
          <span className="text-muted">{letterOf(index)}</span>
          {head !== "" && <span dir="auto">{` ${head}`}</span>}
        </>
      ),
      renderCell: ({ row, column }) => (
        <span dir="auto">{cellValue(row, columnOf(column)).slice(0, shownLength)}</span>
      ),
      renderEditCell: (props) => <CellEditor {...props} onType={onType} />,
    };
  });
  return [numbers, ...columns];
}

function widthOf(sample: readonly SheetRow[], column: number): number {
  const longest = sample.slice(0, sampledRows).reduce((most, row) => {
    const [line = ""] = cellValue(row, column).split("\n");
    return Math.max(most, line.length);
  }, 0);
  return Math.min(320, Math.max(96, Math.round(longest * 7.6) + 26));
}
