import { useRef } from "react";
import { findDelimiter, readRows, type SheetRow } from "../csv/csv-text.ts";
import { SheetTable } from "./sheet-table.tsx";

/** The rows that are shown of a sheet while it is written: the last ones. */
const shownRows = 100;

interface Read {
  readonly delimiter: string;
  /** The text before the row that is being written. */
  readonly text: string;
  readonly rows: readonly SheetRow[];
}

/** A sheet that is being written. Only the rows that are new are read again. */
export function SheetGrowing({ text }: { readonly text: string }) {
  const readRef = useRef<Read | null>(null);
  const before = readRef.current;
  const known = before && text.startsWith(before.text) ? before : null;
  const delimiter = known?.delimiter ?? findDelimiter(text);
  const added = readRows(text.slice(known?.text.length ?? 0), delimiter);
  const rows = [...(known?.rows ?? []), ...added];
  const last = added.at(-1);
  const lastLength = last ? last.raws.join(delimiter).length + last.ending.length : 0;
  if (rows.length > 1) {
    readRef.current = {
      delimiter,
      text: text.slice(0, text.length - lastLength),
      rows: rows.slice(0, -1),
    };
  }
  const first = Math.max(0, rows.length - shownRows);
  return <SheetTable rows={rows.slice(first)} firstNumber={first + 1} />;
}
