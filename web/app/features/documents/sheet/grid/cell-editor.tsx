import type { KeyboardEvent } from "react";
import type { RenderEditCellProps } from "react-data-grid";
import { ignoringComposition } from "../../../../lib/keyboard.ts";
import { cellValue, letterOf } from "../csv/cell-value.ts";
import { rawOf, type SheetRow } from "../csv/csv-text.ts";

interface CellEditorProps extends RenderEditCellProps<SheetRow> {
  /** Called with each value that is typed. */
  readonly onType: (row: number, column: number, value: string) => void;
}

/** The place of a column of the grid in the sheet: the grid's first one has the rows' numbers. */
export function columnOf({ idx }: { readonly idx: number }): number {
  return idx - 1;
}

/** A field over a cell. Alt and Enter begin a new line in it. */
export function CellEditor({ row, rowIdx, column, onRowChange, onClose, onType }: CellEditorProps) {
  const index = columnOf(column);
  const value = cellValue(row, index);
  // A field has line feeds only. What the cell has is written back.
  const lineBreak = value.includes("\r\n") ? "\r\n" : "\n";

  function change(text: string) {
    const next = text.replaceAll("\n", lineBreak);
    const raws = [...row.raws];
    while (raws.length <= index) raws.push("");
    raws[index] = rawOf(next, raws[index]?.startsWith('"'));
    onRowChange({ ...row, raws });
    onType(rowIdx, index, next);
  }

  // These keys belong to the input method or to the field, and not to the grid.
  const handleKeyDown = ignoringComposition<KeyboardEvent<HTMLTextAreaElement>>(
    (event) => {
      const { currentTarget: field, key, altKey } = event;
      if (key !== "Enter" || !altKey) return;
      event.stopPropagation();
      event.preventDefault();
      field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
      change(field.value);
    },
    (event) => event.stopPropagation(),
  );

  return (
    <textarea
      ref={focusAndSelect}
      aria-label={`Cell ${letterOf(index)}${rowIdx + 1}`}
      dir="auto"
      rows={1}
      value={value}
      onChange={({ target }) => change(target.value)}
      onKeyDown={handleKeyDown}
      onBlur={() => onClose(true, false)}
      className="sheet-cell-editor"
    />
  );
}

function focusAndSelect(field: HTMLTextAreaElement | null) {
  field?.focus();
  field?.select();
}
