/**
 * What people may have changed in imported rows by going on here: a chat shows the branch that they
 * continued, a document its newest version. Everything else in an imported row is as it was copied.
 */
import { differingColumns, type RowPair } from "./compare-rows.ts";
import type { ComparedRow } from "./compared-row.ts";

/**
 * The columns of a stored row that tell of rows that were made here.
 *
 * @param madeHere rows of the same group
 */
export function continuedColumns(
  { table, values }: ComparedRow,
  madeHere: readonly ComparedRow[],
): readonly string[] {
  const isMade = (name: string, column: string, value: unknown) =>
    madeHere.some((row) => row.table.name === name && row.values[column] === value);
  if (table.name === "chats" && isMade("messages", "id", values.currentMessageId)) {
    return ["currentMessageId", "updatedAt"];
  }
  if (table.name === "documents" && isMade("documentVersions", "version", values.version)) {
    return ["version", "title", "updatedAt"];
  }
  return [];
}

export function differsOnlyIn({ expected, stored }: RowPair, columns: readonly string[]): boolean {
  return differingColumns(expected, stored).every((column) => columns.includes(column));
}

/**
 * Messages that the source has deleted, and that stay because people have continued after them: those
 * before a message that was made here.
 */
export function keptBefore(
  extra: readonly ComparedRow[],
  madeHere: readonly ComparedRow[],
): ReadonlySet<ComparedRow> {
  const isMessage = ({ table }: ComparedRow) => table.name === "messages";
  const byId = new Map(extra.filter(isMessage).map((row) => [row.values.id, row]));
  const kept = new Set<ComparedRow>();
  for (const made of madeHere.filter(isMessage)) {
    let before = byId.get(made.values.parentId ?? null);
    while (before && !kept.has(before)) {
      kept.add(before);
      before = byId.get(before.values.parentId ?? null);
    }
  }
  return kept;
}
