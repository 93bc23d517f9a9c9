/** The digests of all tables on both sides, while they are computed and corrected. */

import type { StoredTable } from "../stored/stored-tables.ts";
import type { ComparedRow } from "./compared-row.ts";
import { bucketOf, Digests, hashOfRow } from "./digests.ts";

export class TableSides {
  readonly table: StoredTable;
  readonly source = new Digests();
  readonly target = new Digests();
  /** Rows of the target that have not been looked at one by one. */
  readonly unseen = new Digests();
  madeHere = 0;
  notCompared = 0;

  constructor(table: StoredTable) {
    this.table = table;
  }

  addExpected(row: ComparedRow): void {
    this.source.add(bucketOf(row.groupId), hashOfRow(row.values));
  }

  addStored(row: ComparedRow): void {
    const [bucket, rowHash] = [bucketOf(row.groupId), hashOfRow(row.values)];
    this.target.add(bucket, rowHash);
    this.unseen.add(bucket, rowHash);
  }

  markSeen(row: ComparedRow): void {
    this.unseen.subtract(bucketOf(row.groupId), hashOfRow(row.values));
  }

  /** Takes rows out of the comparison whose group has changed at the source since it was copied. */
  leaveOut(expected: readonly ComparedRow[], stored: readonly ComparedRow[]): void {
    for (const row of expected) this.source.subtract(bucketOf(row.groupId), hashOfRow(row.values));
    for (const row of stored) this.target.subtract(bucketOf(row.groupId), hashOfRow(row.values));
    this.notCompared += expected.length + stored.length;
  }

  /** Takes a row out of the comparison that was made here. */
  leaveOutMadeHere(row: ComparedRow): void {
    this.target.subtract(bucketOf(row.groupId), hashOfRow(row.values));
    this.madeHere++;
  }

  /** Counts a row as it was imported, where people have changed it since in a way that is known. */
  takeAsImported(expected: ComparedRow, stored: ComparedRow): void {
    this.target.subtract(bucketOf(stored.groupId), hashOfRow(stored.values));
    this.target.add(bucketOf(expected.groupId), hashOfRow(expected.values));
  }
}

export type Sides = ReadonlyMap<string, TableSides>;

export function sideOf(sides: Sides, table: string): TableSides {
  const side = sides.get(table);
  if (!side) throw new Error(`The verifier has no table ${table}.`);
  return side;
}
