/** Which cells of a grid a pointer is over while its button is held. */
import type { CellPlace } from "../csv/sheet-edits.ts";

/** Cells are looked for this often while the pointer rests beside the grid, which scrolls, in ms. */
const followEveryMs = 60;

interface Edge {
  readonly start: number;
  readonly end: number;
}

/**
 * @param element one of a grid with a row and a column of names
 * @returns the place of the cell that it is in, at the sheet's edge for a name; null when it is in none
 */
export function placeAt(element: Element | null): CellPlace | null {
  const cell = element?.closest("[aria-colindex]");
  const row = cell?.closest("[aria-rowindex]")?.getAttribute("aria-rowindex");
  if (!cell || !row) return null;
  // The grid counts from 1.
  const column = Number(cell.getAttribute("aria-colindex")) - 2;
  return { row: Math.max(0, Number(row) - 2), column: Math.max(0, column) };
}

/**
 * Finds the cell at a point of the window. Beside the grid it is the one behind the grid's edge, so
 * that showing it scrolls.
 */
export function placeNear(grid: HTMLElement, x: number, y: number): CellPlace | null {
  const { left, top } = grid.getBoundingClientRect();
  const corner = grid.querySelector("[role=columnheader]")?.getBoundingClientRect();
  const across = { start: left + (corner?.width ?? 0), end: left + grid.clientWidth };
  const down = { start: top + (corner?.height ?? 0), end: top + grid.clientHeight };
  const [insideX, insideY] = [inside(x, across), inside(y, down)];
  const place = placeAt(document.elementFromPoint(insideX, insideY));
  return (
    place && {
      row: Math.max(0, place.row + Math.sign(y - insideY)),
      column: Math.max(0, place.column + Math.sign(x - insideX)),
    }
  );
}

const inside = (at: number, { start, end }: Edge) => Math.min(end - 2, Math.max(start + 2, at));

/** Tells where the pointer is until its button is released. */
export function followPointer(onFollow: (x: number, y: number) => void): void {
  let last: PointerEvent | null = null;
  const follow = () => last && onFollow(last.clientX, last.clientY);
  const timer = setInterval(follow, followEveryMs);
  const move = (event: PointerEvent) => {
    // The button was released where the page could not see it.
    if (event.buttons === 0) return end();
    last = event;
    follow();
  };
  const end = () => {
    clearInterval(timer);
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    removeEventListener("blur", end);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  addEventListener("blur", end);
}
