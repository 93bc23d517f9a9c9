import { classNames } from "../../../../ui/class-names.ts";
import { cellValue, letterOf } from "../csv/cell-value.ts";
import type { SheetRow } from "../csv/csv-text.ts";

interface SheetTableProps {
  readonly rows: readonly SheetRow[];
  /** The number of the first row that is shown. */
  readonly firstNumber: number;
}

/** Cells that a row shows at most, and characters that a cell shows. */
const shownColumns = 60;
const shownLength = 200;

/** Rows of a sheet to look at. */
export function SheetTable({ rows, firstNumber }: SheetTableProps) {
  const width = Math.min(
    shownColumns,
    rows.reduce((most, { raws }) => Math.max(most, raws.length), 0),
  );
  const columns = Array.from({ length: width }, (_, index) => index);
  return (
    <table className="border-separate border-spacing-0 text-sm tabular-nums">
      <thead>
        <tr>
          <th className={headLook}>
            <span className="sr-only">Row</span>
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className={classNames(headLook, "text-start")}>
              {letterOf(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr
            key={firstNumber + index}
            className={firstNumber + index === 1 ? "font-semibold" : ""}
          >
            <th scope="row" className={classNames(headLook, "text-center text-xs")}>
              {firstNumber + index}
            </th>
            {columns.map((column) => (
              <td key={column} dir="auto" className={cellLook}>
                {cellValue(row, column).slice(0, shownLength)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const headLook =
  "h-[34px] min-w-13 border-e border-b border-line bg-surface px-2 font-normal text-muted";
const cellLook = "h-[34px] max-w-80 min-w-24 truncate border-e border-b border-line px-2";
