/**
 * What the target says was copied: the digest of each group, and the keys of the rows that came from
 * it. The verifier believes it in two questions only: whether the source has changed since, and
 * whether a row that the source does not have was made here.
 */
import type { GroupKind, Target } from "../../model.ts";

export interface Ledger {
  /** The digests of groups as they were copied. A group that was not copied completely is left out. */
  digestsOf(kind: GroupKind, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * The rows that the import has written for these groups: for each group and table, JSON arrays of
   * the values of their primary keys, by `groupId table`.
   */
  rowsOf(
    kind: GroupKind,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

/** Opens the ledger of a target; of one into which nothing was imported, it is empty. */
export async function openLedger(target: Target): Promise<Ledger> {
  const tables = await target.query("content", {
    sql: "SELECT name FROM sqlite_schema WHERE name IN ('importGroups', 'importRows')",
    params: [],
  });
  if (tables.length < 2) return { digestsOf: async () => new Map(), rowsOf: async () => new Map() };
  return {
    digestsOf: (kind, ids) => readDigests(target, kind, ids),
    rowsOf: (kind, ids) => readRows(target, kind, ids),
  };
}

async function readDigests(target: Target, kind: GroupKind, ids: readonly string[]) {
  const rows = await target.query<{ id: string; digest: string }>("content", {
    sql: "SELECT id, digest FROM importGroups WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
    params: [kind, JSON.stringify(ids)],
  });
  // Behind a colon follows what the rows depended on beside those of the source.
  const digestOf = (digest: string) => digest.split(":")[0] ?? "";
  return new Map(
    rows.filter(({ digest }) => digest !== "").map(({ id, digest }) => [id, digestOf(digest)]),
  );
}

async function readRows(target: Target, kind: GroupKind, ids: readonly string[]) {
  const rows = await target.query<{ groupId: string; tableName: string; rowKeys: string }>(
    "content",
    {
      sql: "SELECT groupId, tableName, rowKeys FROM importRows WHERE kind = ? AND groupId IN (SELECT value FROM json_each(?))",
      params: [kind, JSON.stringify(ids)],
    },
  );
  const known = new Map<string, Set<string>>();
  for (const { groupId, tableName, rowKeys } of rows) {
    const name = `${groupId} ${tableName}`;
    const keys = known.get(name) ?? new Set();
    known.set(name, keys);
    for (const key of JSON.parse(rowKeys) as readonly unknown[]) keys.add(JSON.stringify(key));
  }
  return known;
}
