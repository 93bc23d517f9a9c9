import { readSheet } from "../csv/csv-text.ts";
import { SheetTable } from "./sheet-table.tsx";

const shownRows = 60;
/** More of a text is not read. */
const readLength = 20_000;

/** The first rows of a sheet, until its editor is loaded. */
export function SheetStart({ content }: { readonly content: string }) {
  const { rows } = readSheet(content.slice(0, readLength));
  return (
    <div className="min-h-0 flex-1 overflow-hidden pt-[49px]">
      <SheetTable rows={rows.slice(0, shownRows)} firstNumber={1} />
    </div>
  );
}
