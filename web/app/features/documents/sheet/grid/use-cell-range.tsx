import {
  type Key,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import {
  Cell,
  type CellKeyboardEvent,
  type CellMouseEvent,
  type CellRendererProps,
  type DataGridHandle,
} from "react-data-grid";
import { type CellRange, edgesOf, isInRange, moveCorner } from "../csv/cell-range.ts";
import { countColumns, type Sheet, type SheetRow } from "../csv/csv-text.ts";
import type { CellPlace } from "../csv/sheet-edits.ts";
import { columnOf } from "./cell-editor.tsx";
import { followPointer, placeAt, placeNear } from "./pointer-cells.ts";

interface CellRangeOptions {
  readonly sheet: Sheet;
  readonly gridRef: RefObject<DataGridHandle | null>;
  /** The cell with the focus. */
  readonly placeRef: RefObject<CellPlace>;
  /** The last place that the grid shows. */
  readonly lastPlace: CellPlace;
  readonly rowPx: number;
}

/**
 * Lets a person choose several cells: by dragging, with Shift and a press, with Shift and the keys
 * that move, and all with Control and A. The focus stays in the cell where the choice began.
 *
 * @returns the chosen block, null when only the cell with the focus is chosen, and what the grid's
 *   events are to call
 */
export function useCellRange(options: CellRangeOptions) {
  const { gridRef } = options;
  const [range, setRange] = useState<CellRange | null>(null);
  const latest = useRef({ ...options, range });
  latest.current = { ...options, range };
  const renderers = useMemo(() => ({ renderCell: cellRenderer(range) }), [range]);

  useEffect(() => {
    // The grid sets it only for a choice of rows.
    gridRef.current?.element?.setAttribute("aria-multiselectable", "true");
  }, [gridRef]);

  const actions = useMemo(() => {
    const choose = (next: CellRange | null) => {
      if (next === latest.current.range) return;
      latest.current.range = next;
      setRange(next);
    };
    /** @returns the chosen block, which may be of one cell */
    const read = (): CellRange => {
      const { range, placeRef } = latest.current;
      return range ?? { anchor: placeRef.current, corner: placeRef.current };
    };
    const extendTo = (place: CellPlace) => {
      const { gridRef, lastPlace } = latest.current;
      const corner = {
        row: Math.min(place.row, lastPlace.row),
        column: Math.min(place.column, lastPlace.column),
      };
      const { anchor, corner: before } = read();
      if (isSame(before, corner)) return;
      choose(isSame(anchor, corner) ? null : { anchor, corner });
      gridRef.current?.scrollToCell({ rowIdx: corner.row, idx: corner.column + 1 });
    };
    return { choose, read, extendTo };
  }, []);
  const { choose, read, extendTo } = actions;

  return {
    range,
    renderers,
    read,
    clear: () => choose(null),
    /** @returns whether the key has chosen other cells */
    keyDown({ key, ctrlKey, metaKey, shiftKey, altKey }: CellKeyboardEvent): boolean {
      const isFar = ctrlKey || metaKey;
      const { sheet, lastPlace, rowPx } = options;
      if (isFar && !shiftKey && !altKey && key.toLowerCase() === "a") {
        choose({ anchor: { row: 0, column: 0 }, corner: lastOf(sheet) });
        return true;
      }
      if (key === "Escape" && range) {
        choose(null);
        return true;
      }
      if (!shiftKey || altKey) return false;
      const height = gridRef.current?.element?.clientHeight ?? 0;
      const pageRows = Math.max(1, Math.floor(height / rowPx) - 1);
      const bounds = { grid: lastPlace, sheet: lastOf(sheet), pageRows };
      const corner = moveCorner(key, isFar, read().corner, bounds);
      if (corner) extendTo(corner);
      return corner !== null;
    },
    mouseDown(place: CellPlace, event: CellMouseEvent) {
      // The browser's menu is for all chosen cells.
      if (event.button !== 0 && range && isInRange(range, place)) return event.preventGridDefault();
      if (!event.shiftKey) return choose(null);
      event.preventGridDefault();
      // The focus stays where it is.
      event.preventDefault();
      extendTo(place);
    },
    pointerDown({ button, shiftKey, pointerType, target }: PointerEvent) {
      // A finger scrolls.
      if (button !== 0 || shiftKey || pointerType === "touch") return;
      const isCell =
        target instanceof Element &&
        !(target instanceof HTMLTextAreaElement) &&
        target.closest("[role=gridcell]") !== null;
      const start = isCell ? placeAt(target) : null;
      const grid = gridRef.current?.element;
      if (!start || !grid) return;
      let hasLeft = false;
      followPointer((x, y) => {
        const place = placeNear(grid, x, y);
        hasLeft ||= place !== null && !isSame(place, start);
        if (place && hasLeft) extendTo(place);
      });
    },
  };
}

const isSame = (one: CellPlace, other: CellPlace) =>
  one.row === other.row && one.column === other.column;

function lastOf({ rows }: Sheet): CellPlace {
  return { row: Math.max(0, rows.length - 1), column: Math.max(0, countColumns(rows) - 1) };
}

/** Draws the cells of a block as chosen. */
function cellRenderer(range: CellRange | null) {
  return (key: Key, props: CellRendererProps<SheetRow, unknown>) => {
    const place = { row: props.rowIdx, column: columnOf(props.column) };
    if (!range || !isInRange(range, place)) return <Cell key={key} {...props} />;
    const { top, bottom, left, right } = edgesOf(range);
    const sides = [
      place.row === top && "sheet-chosen-top",
      place.row === bottom && "sheet-chosen-bottom",
      place.column === left && "sheet-chosen-left",
      place.column === right && "sheet-chosen-right",
    ];
    const className = ["sheet-chosen", ...sides].filter(Boolean).join(" ");
    return <Cell key={key} {...props} className={className} aria-selected />;
  };
}
