import "react-data-grid/lib/styles.css";
import "./grid/sheet-grid.css";
import { limits } from "api-worker/contracts/limits";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type RefObject,
  useMemo,
  useRef,
  useState,
} from "react";
import {
  type CellKeyboardEvent,
  type CellKeyDownArgs,
  type CellMouseArgs,
  type CellMouseEvent,
  DataGrid,
  type DataGridHandle,
} from "react-data-grid";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { clearRange, countCells, describeRange, readRange } from "./csv/cell-range.ts";
import { cellValue } from "./csv/cell-value.ts";
import { countColumns, type SheetRow } from "./csv/csv-text.ts";
import { type CellPlace, setCell } from "./csv/sheet-edits.ts";
import { columnOf } from "./grid/cell-editor.tsx";
import { pasteText, writeCells } from "./grid/clipboard-cells.ts";
import { makeColumns } from "./grid/sheet-columns.tsx";
import { SheetToolbar } from "./grid/sheet-toolbar.tsx";
import { useCellRange } from "./grid/use-cell-range.tsx";
import { type EditedSheet, type SheetEditorProps, useSheet } from "./grid/use-sheet.ts";

const rowPx = 34;
/** Of larger sheets only the first rows and columns are shown. */
const shownRows = 100_000;
const shownColumns = 400;
/** There is room for more around the cells of a sheet, and at least so much. */
const spareRows = 20;
const leastRows = 40;
const spareColumns = 2;
const leastColumns = 8;

/** More cells at once are not copied: short rows beside a long one make many empty cells. */
const copiedCellsMax = 1_000_000;

const blankRow: SheetRow = { raws: [""], ending: "" };
/** Before a cell is chosen. */
const firstPlace: CellPlace = { row: 0, column: 0 };

/** The editor of a sheet: a grid. Loaded only when a sheet is opened. */
export default function SheetEditor(props: SheetEditorProps) {
  const edited = useSheet(props);
  const { sheet, change, undo, redo } = edited;
  const gridRef = useRef<DataGridHandle>(null);
  const placeRef = useRef(firstPlace);
  const [hasHeading, setHeading] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const [isScrolled, setScrolled] = useState(false);
  const width = useMemo(() => countColumns(sheet.rows), [sheet.rows]);
  const rows = useMemo(() => withSpareRows(sheet.rows), [sheet.rows]);
  const columns = useColumns(edited, width, isScrolled && hasHeading);
  const lastPlace = { row: rows.length - 1, column: columns.length - 2 };
  const chosen = useCellRange({ sheet, gridRef, placeRef, lastPlace, rowPx });
  const handlers = useCellHandlers(edited, { gridRef, placeRef, chosen, setProblem });

  const handleKeyDown = ignoringComposition<KeyboardEvent<HTMLElement>>((event) => {
    const { key, ctrlKey, metaKey, shiftKey, target } = event;
    if (!(ctrlKey || metaKey) || target instanceof HTMLTextAreaElement) return;
    const letter = key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    event.preventDefault();
    if (letter === "y" || shiftKey) redo();
    else undo();
  });

  function paste(event: { readonly target: EventTarget; readonly clipboardData: DataTransfer }) {
    if (event.target instanceof HTMLTextAreaElement) return;
    const text = event.clipboardData.getData("text/plain");
    let isTooLong = text.length > limits.documentMaxBytes;
    if (!isTooLong && text !== "") {
      change((now) => {
        const pasted = pasteText(now, chosen.read(), text, limits.documentMaxBytes);
        isTooLong = pasted === null;
        return pasted ?? now;
      });
    }
    setProblem(isTooLong ? "This is too long for a document, and wasn’t pasted." : null);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes that the focus leaves it.
    <div
      className="flex min-h-0 flex-1 flex-col"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) props.onBlur();
      }}
    >
      <SheetToolbar
        edited={edited}
        readPlace={() => placeRef.current}
        hasHeading={hasHeading}
        onHeading={setHeading}
        notice={
          problem ??
          (chosen.range ? describeRange(chosen.range) : noticeOf(sheet.rows.length, width))
        }
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid in it has the focus. */}
      <div
        className="min-h-0 flex-1"
        onKeyDown={handleKeyDown}
        onCut={handlers.cut}
        onPointerDown={chosen.pointerDown}
      >
        <DataGrid
          ref={gridRef}
          aria-label="Content"
          className="sheet-grid"
          columns={columns}
          rows={rows}
          renderers={chosen.renderers}
          rowHeight={rowPx}
          headerRowHeight={rowPx}
          rowClass={(_, index) => (index === 0 && hasHeading ? "sheet-heading" : null)}
          onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > rowPx)}
          onActivePositionChange={({ rowIdx, column }) => {
            chosen.clear();
            placeRef.current = {
              row: Math.max(0, rowIdx),
              column: Math.max(0, column ? columnOf(column) : 0),
            };
          }}
          onRowsChange={(changed, { indexes, column }) => {
            const [row] = indexes;
            if (row === undefined) return;
            const place = { row, column: columnOf(column) };
            const value = cellValue(changed[row], place.column);
            change((now) => setCell(now, place, value));
          }}
          onCellKeyDown={handlers.keyDown}
          onCellMouseDown={handlers.mouseDown}
          onCellClick={handlers.click}
          onCellCopy={(_, event) => handlers.copy(event)}
          onCellPaste={({ row }, event) => {
            paste(event);
            return row;
          }}
        />
      </div>
    </div>
  );
}

function withSpareRows(rows: readonly SheetRow[]): readonly SheetRow[] {
  const shown = rows.slice(0, shownRows);
  const spare = Math.max(spareRows, leastRows - shown.length);
  for (let count = 0; count < spare && shown.length < shownRows; count += 1) shown.push(blankRow);
  return shown;
}

function noticeOf(rowCount: number, width: number): string | null {
  if (rowCount <= shownRows && width <= shownColumns) return null;
  const most = `${shownRows.toLocaleString("en")} rows and ${shownColumns} columns`;
  return `Only the first ${most} are shown. All are kept.`;
}

/** The columns of the grid. Their widths are those that fit when the sheet is opened. */
function useColumns({ sheet, type }: EditedSheet, width: number, showsHeads: boolean) {
  const count = Math.min(shownColumns, Math.max(leastColumns, width + spareColumns));
  const [sample] = useState(sheet.rows);
  const head = showsHeads ? sheet.rows[0] : undefined;
  return useMemo(
    () =>
      makeColumns({
        count,
        sample,
        headOf: (column) => cellValue(head, column),
        onType: (row, column, value) => type({ place: { row, column }, value }),
      }),
    [count, sample, head, type],
  );
}

interface CellHandlersOptions {
  readonly gridRef: RefObject<DataGridHandle | null>;
  readonly placeRef: RefObject<CellPlace>;
  readonly chosen: ReturnType<typeof useCellRange>;
  readonly setProblem: (problem: string | null) => void;
}

/** What keys and presses do in a cell beside moving to it. */
function useCellHandlers(
  { sheet, change, type }: EditedSheet,
  { gridRef, placeRef, chosen, setProblem }: CellHandlersOptions,
) {
  /** Whether the press that goes on began in the cell that was chosen already. */
  const isSecondPress = useRef(false);
  const clear = () => change((now) => clearRange(now, chosen.read()));
  const copy = (event: ClipboardEvent): boolean => {
    if (event.target instanceof HTMLTextAreaElement) return false;
    event.preventDefault();
    const range = chosen.read();
    const isTooMuch = countCells(range) > copiedCellsMax;
    setProblem(isTooMuch ? "These are too many cells to copy at once." : null);
    if (!isTooMuch) writeCells(event.clipboardData, readRange(sheet, range));
    return !isTooMuch;
  };
  return {
    copy,
    keyDown(args: CellKeyDownArgs<SheetRow>, event: CellKeyboardEvent) {
      const { key } = event;
      if (args.mode === "ACTIVE") {
        // The names of columns hold no cells.
        if (args.rowIdx < 0) return;
        const isClearing = key === "Delete" || key === "Backspace";
        if (isClearing) clear();
        else if (!chosen.keyDown(event)) return;
        event.preventGridDefault();
        event.preventDefault();
      } else if (key === "Enter") {
        // Goes on in the cell below, as in other spreadsheets.
        event.preventGridDefault();
        event.preventDefault();
        args.onClose(true);
        const step = event.shiftKey ? -1 : 1;
        const rowIdx = Math.max(0, args.rowIdx + step);
        gridRef.current?.setActivePosition({ idx: args.column.idx, rowIdx }, { shouldFocus: true });
      } else if (key === "Escape") {
        type(null);
      }
    },
    cut(event: ClipboardEvent) {
      if (copy(event)) clear();
    },
    mouseDown({ column, rowIdx }: CellMouseArgs<SheetRow>, event: CellMouseEvent) {
      const place = { row: rowIdx, column: Math.max(0, columnOf(column)) };
      const { row, column: index } = placeRef.current;
      isSecondPress.current = row === rowIdx && index === columnOf(column);
      chosen.mouseDown(place, event);
    },
    // A finger has no double click: the second press on a cell edits it.
    click({ setActivePosition }: CellMouseArgs<SheetRow>, event: CellMouseEvent) {
      const { nativeEvent } = event;
      const isTouch = nativeEvent instanceof PointerEvent && nativeEvent.pointerType === "touch";
      if (isTouch && isSecondPress.current) setActivePosition(true);
    },
  };
}
