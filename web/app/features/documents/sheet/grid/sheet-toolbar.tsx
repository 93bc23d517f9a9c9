import { ChevronDown, Redo2, Undo2 } from "lucide-react";
import { IconButton } from "../../../../ui/button.tsx";
import { lazyMenu, MenuButton } from "../../../../ui/menu-button.tsx";
import { countColumns } from "../csv/csv-text.ts";
import {
  type CellPlace,
  deleteColumn,
  deleteRow,
  insertColumn,
  insertRow,
  sortRows,
} from "../csv/sheet-edits.ts";
import type { EditedSheet } from "./use-sheet.ts";

const RowsMenu = lazyMenu(() => import("./rows-menu.tsx"));
const ColumnsMenu = lazyMenu(() => import("./columns-menu.tsx"));

interface SheetToolbarProps {
  readonly edited: EditedSheet;
  /** The chosen cell; the first one when none was chosen. */
  readonly readPlace: () => CellPlace;
  readonly hasHeading: boolean;
  readonly onHeading: (hasHeading: boolean) => void;
  /** Says what of a sheet is not shown, or was not pasted. */
  readonly notice: string | null;
}

const menuLook = "inline-flex min-h-10 items-center gap-1.5 rounded-lg px-3 text-sm font-medium";

/** Undo, redo, and what can be done with rows and columns. */
export function SheetToolbar(props: SheetToolbarProps) {
  const { edited, readPlace, hasHeading, onHeading, notice } = props;
  const { sheet, history, change, undo, redo } = edited;
  const chevron = <ChevronDown aria-hidden className="size-4 text-muted" />;
  const onInsertRow = (offset: 0 | 1) =>
    change((now) => insertRow(now, Math.min(now.rows.length, readPlace().row + offset)));
  const onInsertColumn = (offset: 0 | 1) =>
    change((now) =>
      insertColumn(now, Math.min(countColumns(now.rows), readPlace().column + offset)),
    );
  const onSort = (isDescending: boolean) =>
    change((now) => sortRows(now, { column: readPlace().column, isDescending, hasHeading }));
  return (
    <div
      role="toolbar"
      aria-label="Sheet"
      className="flex shrink-0 flex-wrap items-center gap-x-1 border-b border-line px-2 py-1"
    >
      <IconButton
        label="Undo"
        disabled={history.past.length === 0}
        onClick={undo}
        className="disabled:opacity-40"
      >
        <Undo2 aria-hidden className="size-[1.125rem]" />
      </IconButton>
      <IconButton
        label="Redo"
        disabled={history.future.length === 0}
        onClick={redo}
        className="disabled:opacity-40"
      >
        <Redo2 aria-hidden className="size-[1.125rem]" />
      </IconButton>
      <MenuButton
        label="Row"
        menu={RowsMenu}
        menuProps={{
          onInsert: onInsertRow,
          onDelete: () => change((now) => deleteRow(now, readPlace().row)),
        }}
        className={menuLook}
      >
        Row {chevron}
      </MenuButton>
      <MenuButton
        label="Column"
        menu={ColumnsMenu}
        menuProps={{
          hasHeading,
          onHeading,
          onSort,
          onInsert: onInsertColumn,
          onDelete: () => change((now) => deleteColumn(now, readPlace().column)),
        }}
        className={menuLook}
      >
        Column {chevron}
      </MenuButton>
      <p role="status" className="min-w-0 flex-1 truncate px-2 text-end text-sm text-muted">
        {notice ?? `${sheet.rows.length.toLocaleString("en")} rows`}
      </p>
    </div>
  );
}
