import { useMemo } from "react";
import { classNames } from "../../../../ui/class-names.ts";
import { letterOf } from "../csv/cell-value.ts";
import { diffSheets, isSameRow, type Pair, type SheetChange } from "../csv/diff-sheets.ts";

interface SheetDiffProps {
  readonly label: string;
  /** The older content. */
  readonly before: string;
  readonly after: string;
}

/** Unchanged rows around changed ones, and the most rows and columns that are shown. */
const contextRows = 2;
const shownRows = 400;
const shownColumns = 60;

/** The changes from one version of a sheet to another, cell by cell. */
export default function SheetDiff({ label, before, after }: SheetDiffProps) {
  const change = useMemo(() => diffSheets(before, after), [before, after]);
  const parts = useMemo(() => partsOf(change, before === after), [change, before, after]);
  const columns = change.columns.slice(0, shownColumns);
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it.
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <table className="border-separate border-spacing-0 text-sm tabular-nums">
        <thead>
          <tr>
            <th className={headLook}>
              <span className="sr-only">Row</span>
            </th>
            {columns.map((column, index) => (
              <th key={index} scope="col" className={classNames(headLook, markOf(column))}>
                {letterOf(column.after ?? column.before ?? 0)}
                {column.before === null && <span className="sr-only"> (added)</span>}
                {column.after === null && <span className="sr-only"> (removed)</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) =>
            "skipped" in part ? (
              <tr key={part.key}>
                <td colSpan={columns.length + 1} className="px-3 py-2 text-muted">
                  {part.text}
                </td>
              </tr>
            ) : (
              <Row key={part.key} change={change} pair={part.pair} columns={columns} />
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly change: SheetChange;
  readonly pair: Pair;
  readonly columns: readonly Pair[];
}

function Row({ change, pair, columns }: RowProps) {
  const before = change.before[pair.before ?? -1];
  const after = change.after[pair.after ?? -1];
  return (
    <tr>
      <th scope="row" className={classNames(headLook, "text-center", markOf(pair))}>
        {(pair.after ?? pair.before ?? 0) + 1}
      </th>
      {columns.map((column, index) => {
        const old = column.before === null ? undefined : before?.[column.before];
        const now = column.after === null ? undefined : after?.[column.after];
        return (
          <td key={index} dir="auto" className={cellLook}>
            <Cell old={old ?? ""} now={now ?? ""} />
          </td>
        );
      })}
    </tr>
  );
}

function Cell({ old, now }: { readonly old: string; readonly now: string }) {
  if (old === now) return now;
  return (
    <>
      {old !== "" && <del className="rounded bg-danger-soft px-1 text-danger">{old}</del>}
      {old !== "" && now !== "" && " "}
      {now !== "" && (
        <ins className="rounded bg-accent-soft px-1 text-accent no-underline">{now}</ins>
      )}
    </>
  );
}

/** The mark of a row or column that only one version has. */
function markOf({ before, after }: Pair): string {
  if (before === null) return "bg-accent-soft text-accent";
  return after === null ? "bg-danger-soft text-danger" : "bg-surface text-muted";
}

type Part =
  | { readonly key: string; readonly pair: Pair }
  | { readonly key: string; readonly skipped: number; readonly text: string };

/** The rows to show: changed ones, a few around them, and how many are left out between. */
function partsOf(change: SheetChange, isSame: boolean): readonly Part[] {
  const { rows } = change;
  const shown = new Set<number>();
  for (const [index, pair] of rows.entries()) {
    if (!isSame && isSameRow(change, pair) && index > 0) continue;
    for (let at = index - contextRows; at <= index + contextRows; at += 1) shown.add(at);
    if (shown.size > shownRows) break;
  }
  const parts: Part[] = [];
  let skipped = 0;
  const skip = (key: number) => {
    const text = `${skipped.toLocaleString("en")} unchanged ${skipped === 1 ? "row" : "rows"}`;
    if (skipped > 0) parts.push({ key: `skipped-${key}`, skipped, text });
    skipped = 0;
  };
  for (const [index, pair] of rows.entries()) {
    if (parts.length > shownRows) {
      const text = `${(rows.length - index).toLocaleString("en")} more rows`;
      return [...parts, { key: "rest", skipped: rows.length - index, text }];
    }
    if (!shown.has(index)) {
      skipped += 1;
      continue;
    }
    skip(index);
    parts.push({ key: String(index), pair });
  }
  skip(rows.length);
  return parts;
}

const headLook = "h-9 min-w-13 border-e border-b border-line px-2 text-start text-xs font-medium";
const cellLook =
  "h-9 max-w-80 min-w-24 border-e border-b border-line px-2 py-1 align-top wrap-anywhere whitespace-pre-wrap";
