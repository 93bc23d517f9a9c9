/** Compares the rows of a few groups, row by row and column by column. */
import type { Value } from "../../model.ts";
import type { StoredTable } from "../stored/stored-tables.ts";
import { cutAround, type Differences } from "../verification.ts";
import type { ComparedRow } from "./compared-row.ts";

export interface RowPair {
  readonly expected: ComparedRow;
  readonly stored: ComparedRow;
}

export interface RowMatches {
  readonly pairs: readonly RowPair[];
  readonly missing: readonly ComparedRow[];
  /** Rows of the target that the source does not ask for. */
  readonly unexpected: readonly ComparedRow[];
}

/**
 * Finds the stored row for each expected one by its identity, which leaves out the owner, so that a
 * row with another owner is the same row. Of several, one with the same owner is preferred.
 */
export function matchRows(
  expected: readonly ComparedRow[],
  stored: readonly ComparedRow[],
): RowMatches {
  const byIdentity = Map.groupBy(stored, identityOf);
  const pairs: RowPair[] = [];
  const missing: ComparedRow[] = [];
  for (const row of expected) {
    const candidates = byIdentity.get(identityOf(row)) ?? [];
    const own = candidates.findIndex((one) => one.values.userId === row.values.userId);
    const [match] = candidates.splice(Math.max(own, 0), 1);
    if (match) pairs.push({ expected: row, stored: match });
    else missing.push(row);
  }
  return { pairs, missing, unexpected: [...byIdentity.values()].flat() };
}

/** Names each column in which the rows of a pair differ. @returns how many they are */
export function compareColumns({ expected, stored }: RowPair, differences: Differences): number {
  const columns = differingColumns(expected, stored);
  for (const column of columns) {
    differences.add({
      kind: "differs",
      table: expected.table.name,
      key: nameOfRow(expected),
      column,
      ...cutAround(expected.values[column] as Value, stored.values[column] as Value),
    });
  }
  return columns.length;
}

export function differingColumns(expected: ComparedRow, stored: ComparedRow): readonly string[] {
  return expected.table.columns.filter((name) => expected.values[name] !== stored.values[name]);
}

/** Whether a row is an expected one again, under another key. */
export function isCopy(row: ComparedRow, expected: readonly ComparedRow[]): boolean {
  const { identity, columns } = row.table;
  const rest = columns.filter((name) => !identity.includes(name) && name !== "userId");
  return expected.some((other) => rest.every((name) => row.values[name] === other.values[name]));
}

/** The key of a row in words. */
export function nameOfRow({ table, values }: ComparedRow): string {
  return table.identity.map((column) => `${column} ${values[column]}`).join(", ");
}

export function addRowDifference(
  kind: "missing" | "extra" | "doubled",
  row: ComparedRow,
  differences: Differences,
): void {
  const text = describeRow(row.table, row.values);
  differences.add({
    kind,
    table: row.table.name,
    key: nameOfRow(row),
    column: null,
    ...(kind === "missing" ? cutAround(text, null) : cutAround(null, text)),
  });
}

function describeRow(table: StoredTable, values: ComparedRow["values"]): string {
  const told = table.columns.filter(
    (name) => !table.identity.includes(name) && values[name] !== null,
  );
  return told.map((name) => `${name}: ${values[name]}`).join(", ");
}

function identityOf({ table, values }: ComparedRow): string {
  return JSON.stringify(table.identity.map((column) => values[column]));
}
