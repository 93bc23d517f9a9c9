import { readSheet } from "../../documents/sheet/csv/csv-text.ts";
import { SheetTable } from "../../documents/sheet/shown/sheet-table.tsx";

/** Rows that are shown. A file that is downloaded has all of them. */
const shownRows = 1_000;

/** A sheet to read. */
export function ReadSheet({ content }: { readonly content: string }) {
  const { rows } = readSheet(content);
  const hidden = Math.max(0, rows.length - shownRows);
  return (
    <div className="overflow-x-auto">
      <SheetTable rows={rows.slice(0, shownRows)} firstNumber={1} />
      {hidden > 0 && (
        <p className="mt-4 text-sm text-muted">
          {`${hidden.toLocaleString("en")} more rows are in the file. Download it to see them.`}
        </p>
      )}
    </div>
  );
}
