import { diff } from "@codemirror/merge";
import { countColumns, readSheet, type SheetRow, valuesOf } from "./csv-text.ts";

/** A row or column in two versions: its place in each, counted from 0; null where it is not. */
export interface Pair {
  readonly before: number | null;
  readonly after: number | null;
}

export interface SheetChange {
  readonly columns: readonly Pair[];
  /** The rows of both versions in order, unchanged ones among them. */
  readonly rows: readonly Pair[];
  readonly before: readonly (readonly string[])[];
  readonly after: readonly (readonly string[])[];
}

/** The most time that each of the two comparisons takes, in ms. Beyond it they are less exact. */
const timeoutMs = 300;

/** Compares two versions of a sheet by cells: columns are matched by the first row, rows by cells. */
export function diffSheets(before: string, after: string): SheetChange {
  const [old, now] = [readSheet(before).rows, readSheet(after).rows];
  const [oldValues, newValues] = [old.map(valuesOf), now.map(valuesOf)];
  const columns = pairColumns(old, now, oldValues[0] ?? [], newValues[0] ?? []);
  const common = columns.filter((pair) => pair.before !== null && pair.after !== null);
  const keyOf = (values: readonly string[] | undefined, side: "before" | "after") =>
    common.map((pair) => values?.[pair[side] ?? 0] ?? "").join("\u0000");
  const rows = pairAll(
    oldValues.map((values) => keyOf(values, "before")),
    newValues.map((values) => keyOf(values, "after")),
  );
  return { columns, rows, before: oldValues, after: newValues };
}

/** Columns are matched by their headings, and by place where those say nothing. */
function pairColumns(
  old: readonly SheetRow[],
  now: readonly SheetRow[],
  oldHead: readonly string[],
  newHead: readonly string[],
): readonly Pair[] {
  const name = (head: readonly string[], length: number) =>
    Array.from({ length }, (_, index) => head[index] ?? "");
  return pairAll(name(oldHead, countColumns(old)), name(newHead, countColumns(now)));
}

/**
 * Matches two lists: equal items where they stand in the same order, and between them the others,
 * one by one as far as both sides have some.
 */
function pairAll(before: readonly string[], after: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  let [from, to] = [0, 0];
  const advance = (endBefore: number, endAfter: number) => {
    while (from < endBefore || to < endAfter) {
      pairs.push({
        before: from < endBefore ? from++ : null,
        after: to < endAfter ? to++ : null,
      });
    }
  };
  for (const { fromA, toA, fromB, toB } of differences(before, after)) {
    advance(fromA, fromB);
    advance(toA, toB);
  }
  advance(before.length, after.length);
  return pairs;
}

interface Difference {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Characters that stand for items, without halves of surrogate pairs. */
const charactersMax = 0xd800;

/** Compares lists as texts in which each different item is one character. */
function differences(before: readonly string[], after: readonly string[]): readonly Difference[] {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const middle = [before, after].map((list) => list.slice(start, list.length - end));
  const [one = [], other = []] = middle;
  const characters = new Map<string, string>();
  for (const item of [...one, ...other]) {
    if (!characters.has(item)) characters.set(item, String.fromCharCode(characters.size));
  }
  // Too many different items: the whole middle is one difference.
  if (characters.size > charactersMax) {
    return [{ fromA: start, toA: start + one.length, fromB: start, toB: start + other.length }];
  }
  const textOf = (list: readonly string[]) => list.map((item) => characters.get(item)).join("");
  return diff(textOf(one), textOf(other), { scanLimit: 2_000, timeout: timeoutMs }).map(
    ({ fromA, toA, fromB, toB }) => ({
      fromA: fromA + start,
      toA: toA + start,
      fromB: fromB + start,
      toB: toB + start,
    }),
  );
}

/** Whether a pair is a row that is alike in both versions, in the columns of both. */
export function isSameRow({ columns, before, after }: SheetChange, pair: Pair): boolean {
  const [old, now] = [before[pair.before ?? -1], after[pair.after ?? -1]];
  if (!old || !now) return false;
  return columns.every(
    (column) =>
      column.before === null ||
      column.after === null ||
      (old[column.before] ?? "") === (now[column.after] ?? ""),
  );
}
