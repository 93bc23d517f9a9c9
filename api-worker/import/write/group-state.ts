import type { GroupKey } from "../model.ts";
import type { EncodedRow } from "./encode-rows.ts";
import { type KnownRows, keysPerPiece } from "./ledger.ts";

/** A row of `importRows` as it travels: kind, group, table, number of the piece, keys. */
export type LedgerEntry = readonly [string, string, string, number, readonly unknown[]];

interface GroupFacts extends GroupKey {
  readonly digest: string;
  readonly userId: string | null;
  /** What the ledger had before; undefined for a new group. */
  readonly known: KnownRows | undefined;
}

/** A group while it is written. */
export class GroupState {
  readonly facts: GroupFacts;
  #nextPiece: number;
  /** JSON keys of the rows that were written, by table. Only kept when there are earlier ones. */
  readonly #written = new Map<string, Set<string>>();

  constructor(facts: GroupFacts) {
    this.facts = facts;
    this.#nextPiece = facts.known?.nextPiece ?? 0;
  }

  /** Notes rows that are about to be written. @returns what the ledger has to know of them */
  addRows(rows: readonly EncodedRow[]): LedgerEntry[] {
    const { kind, id, known } = this.facts;
    const keys = Map.groupBy(rows, ({ shape }) => shape.table);
    const entries: LedgerEntry[] = [];
    for (const [table, ofTable] of keys) {
      for (let at = 0; at < ofTable.length; at += keysPerPiece) {
        const piece = ofTable.slice(at, at + keysPerPiece).map(({ key }) => JSON.parse(key));
        entries.push([kind, id, table, this.#nextPiece, piece]);
        this.#nextPiece += 1;
      }
      if (!known) continue;
      const written = this.#written.get(table) ?? new Set();
      for (const { key } of ofTable) written.add(key);
      this.#written.set(table, written);
    }
    return entries;
  }

  /** The keys of rows that were there and were not written again, by table. */
  removedKeys(): ReadonlyMap<string, readonly string[]> {
    const removed = new Map<string, readonly string[]>();
    for (const [table, keys] of this.facts.known?.keys ?? []) {
      const gone = [...keys].filter((key) => !this.#written.get(table)?.has(key));
      if (gone.length > 0) removed.set(table, gone);
    }
    return removed;
  }
}
