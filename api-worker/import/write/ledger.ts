/**
 * The ledger: tables that the import makes itself, in the content database. `importGroups` has the
 * digest of each group as it was copied last. `importRows` says which rows came from which group: the
 * values of their primary keys, up to 500 in a row of the ledger. So it costs four rows for a chat of
 * fifty messages, where a row for each key would cost fifty.
 *
 * At every moment the ledger has at least the rows that are there: keys are added before their rows
 * are written, and taken out after others are deleted.
 */
import { type GroupKey, type GroupKind, groupKinds, type Target } from "../model.ts";

/** A group as the ledger has it. The digest of one that is not written completely is empty. */
export interface LedgerGroup extends GroupKey {
  readonly digest: string;
}

/** The digest of a deleted group that stays, because of rows that people added to it. */
export const keptDigest = "kept";

/** Keys in one row of the ledger. */
export const keysPerPiece = 500;

/** Groups that one query reads. */
const pageSize = 10_000;

const tables = [
  `CREATE TABLE IF NOT EXISTS importGroups (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS importRows (
    kind TEXT NOT NULL,
    groupId TEXT NOT NULL,
    tableName TEXT NOT NULL,
    piece INTEGER NOT NULL,
    rowKeys TEXT NOT NULL,
    PRIMARY KEY (kind, groupId, tableName, piece)
  ) STRICT, WITHOUT ROWID`,
];

/** Makes the tables of the ledger, if they are not there. */
export async function prepareTarget(target: Target): Promise<void> {
  await target.batch(
    "content",
    tables.map((sql) => ({ sql, params: [] })),
  );
}

/** Lists every group of the ledger, kinds in the order of writing, within a kind in the order of ids. */
export async function* readLedger(target: Target): AsyncGenerator<LedgerGroup> {
  for (const kind of groupKinds) {
    let after = "";
    for (;;) {
      const page = await readPage(target, kind, after);
      for (const { id, digest } of page) yield { kind, id, digest };
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      after = last.id;
    }
  }
}

/** A group that was cut off in its first batches has rows in the ledger, and no digest. */
function readPage(target: Target, kind: GroupKind, after: string) {
  return target.query<{ id: string; digest: string }>("content", {
    sql: `
      SELECT id, digest FROM importGroups WHERE kind = ?1 AND id > ?2
      UNION ALL
      SELECT DISTINCT groupId, '' FROM importRows
        WHERE kind = ?1 AND groupId > ?2 AND NOT EXISTS (
          SELECT 1 FROM importGroups
          WHERE importGroups.kind = importRows.kind AND importGroups.id = importRows.groupId
        )
      ORDER BY id LIMIT ${pageSize}`,
    params: [kind, after],
  });
}

/** What the ledger has of a group's rows. */
export interface KnownRows {
  /** The number of the next piece. */
  readonly nextPiece: number;
  /** JSON arrays of keys by table. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The name of a group in maps. */
export const groupName = ({ kind, id }: GroupKey): string => `${kind} ${id}`;

/** Reads which rows of ours came from groups. A group without any is not in the result. */
export async function readKnownRows(
  target: Target,
  groups: readonly GroupKey[],
): Promise<ReadonlyMap<string, KnownRows>> {
  const rows = await target.query<{
    kind: GroupKind;
    groupId: string;
    tableName: string;
    piece: number;
    rowKeys: string;
  }>("content", {
    sql: `
      SELECT importRows.* FROM json_each(?) AS one
      CROSS JOIN importRows ON kind = one.value ->> 0 AND groupId = one.value ->> 1`,
    params: [JSON.stringify(groups.map(({ kind, id }) => [kind, id]))],
  });
  const known = new Map<string, { nextPiece: number; keys: Map<string, Set<string>> }>();
  for (const { kind, groupId, tableName, piece, rowKeys } of rows) {
    const name = groupName({ kind, id: groupId });
    const group = known.get(name) ?? { nextPiece: 0, keys: new Map() };
    known.set(name, group);
    group.nextPiece = Math.max(group.nextPiece, piece + 1);
    const keys = group.keys.get(tableName) ?? new Set();
    group.keys.set(tableName, keys);
    for (const key of JSON.parse(rowKeys) as unknown[]) keys.add(JSON.stringify(key));
  }
  return known;
}

/** Whether the ledger knows of any row. */
export async function isLedgerEmpty(target: Target): Promise<boolean> {
  const rows = await target.query("content", {
    sql: "SELECT 1 FROM importRows LIMIT 1",
    params: [],
  });
  return rows.length === 0;
}
