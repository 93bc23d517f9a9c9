import { type Copied, type CopiedElement, wordsOf } from "./copied.ts";
import { inertCell } from "./inert-cell.ts";

interface Cell {
  readonly tag: string;
  readonly align: string | undefined;
  /** Empty for a cell outside of the selection. */
  readonly children: readonly Copied[];
  readonly isSelected: boolean;
}

/**
 * Reads a table. Cells that are not selected stay empty between those that are, so that columns
 * keep their places. A single cell is its words alone.
 *
 * @param range the selection; all is read when left out
 */
export function readTable(
  table: Element,
  range: Range | undefined,
  readCell: (cell: Element) => Copied[],
): readonly Copied[] {
  const parts = [...table.children].map((part) => ({
    tag: part.localName,
    rows: [...part.children]
      .map((row) => [...row.children].map((cell) => toCell(cell, range, readCell)))
      .filter((row) => row.some(({ isSelected }) => isSelected)),
  }));
  const rows = parts.flatMap((part) => part.rows);
  const selected = rows.flat().filter(({ isSelected }) => isSelected);
  if (selected.length === 0) return [];
  if (range && selected.length === 1) return selected[0]?.children ?? [];
  const begin = Math.min(...rows.map((row) => row.findIndex(({ isSelected }) => isSelected)));
  const end = Math.max(...rows.map((row) => row.findLastIndex(({ isSelected }) => isSelected))) + 1;
  const children = parts
    .filter((part) => part.rows.length > 0)
    .map((part) =>
      element(
        part.tag,
        part.rows.map((row) => toRow(row.slice(begin, end))),
      ),
    );
  return [element("table", children)];
}

function toCell(cell: Element, range: Range | undefined, read: (cell: Element) => Copied[]): Cell {
  const isTouched = !range || range.intersectsNode(cell);
  const children = isTouched ? read(cell) : [];
  return {
    tag: cell.localName,
    align: cell.getAttribute("data-align") ?? undefined,
    children,
    isSelected: isTouched && (!range || wordsOf(children) !== "" || isWithin(cell, range)),
  };
}

/** Whether a range has the whole of a cell. A selection often ends in the next cell, before it. */
function isWithin(cell: Element, range: Range): boolean {
  const whole = new Range();
  whole.selectNode(cell);
  return (
    range.compareBoundaryPoints(Range.START_TO_START, whole) <= 0 &&
    range.compareBoundaryPoints(Range.END_TO_END, whole) >= 0
  );
}

function toRow(cells: readonly Cell[]): CopiedElement {
  return element(
    "tr",
    cells.map(({ tag, align, children }) => ({ tag, align, children: inertCell(children) })),
  );
}

function element(tag: string, children: readonly Copied[]): CopiedElement {
  return { tag, children };
}
