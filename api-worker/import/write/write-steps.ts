/** The steps that write a part of a group, or many whole groups, and those that complete groups. */
import type { Finding, Target } from "../model.ts";
import { type EncodedRow, shapeName } from "./encode-rows.ts";
import type { GroupState, LedgerEntry } from "./group-state.ts";
import { deleteRecountedRows, relinkFiles } from "./recounted-rows.ts";
import { contentStep, deleteRows, type Step, upsertRows } from "./row-statements.ts";
import { foundChats, type SearchNotes } from "./search-notes.ts";
import { byTableOrder, databaseOf, type TableKeys } from "./table-facts.ts";
import { settleAddresses } from "./user-addresses.ts";

/** Says in the ledger which rows are about to be written. */
export function ledgerSteps(entries: readonly LedgerEntry[]): Step[] {
  if (entries.length === 0) return [];
  return [
    contentStep(
      `INSERT INTO importRows (kind, groupId, tableName, piece, rowKeys)
        SELECT entry.value ->> 0, entry.value ->> 1, entry.value ->> 2, entry.value ->> 3,
          entry.value -> 4
        FROM json_each(?) AS entry WHERE true
        ON CONFLICT (kind, groupId, tableName, piece) DO UPDATE SET rowKeys = excluded.rowKeys`,
      entries,
    ),
  ];
}

/** Says in the ledger that a group is about to be written in several batches. */
export function beginSteps({ facts }: GroupState): Step[] {
  const { kind, id, known } = facts;
  if (!known) return [];
  return [
    contentStep(
      `UPDATE importGroups SET digest = ''
        WHERE kind = json_extract(?1, '$[0]') AND id = json_extract(?1, '$[1]')`,
      [kind, id],
    ),
  ];
}

export interface RowSteps {
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
}

/**
 * Writes rows, table after table.
 *
 * @param known whether some of them may be there already
 */
export async function rowSteps(
  target: Target,
  keys: TableKeys,
  rows: readonly EncodedRow[],
  known: boolean,
): Promise<RowSteps> {
  const steps: Step[] = [];
  const findings: Finding[] = [];
  const shapes = [...Map.groupBy(rows, ({ shape }) => shapeName(shape)).values()];
  const tableOf = ([first]: readonly EncodedRow[]) => first?.shape.table ?? "";
  for (const shaped of shapes.sort((a, b) => byTableOrder(tableOf(a), tableOf(b)))) {
    const [first] = shaped;
    if (!first) continue;
    const { table, key, database } = first.shape;
    await keys.expect(table, key);
    let ofShape: readonly EncodedRow[] = shaped;
    if (table === "users") {
      const settled = await settleAddresses(target, shaped);
      ofShape = settled.rows;
      steps.push(...settled.steps);
      findings.push(...settled.findings);
    }
    const statements = [
      ...(known ? deleteRecountedRows(ofShape) : []),
      ...upsertRows(ofShape),
      ...(known ? relinkFiles(ofShape) : []),
    ];
    steps.push(...statements.map((statement) => ({ database, statement })));
  }
  return { steps, findings };
}

/**
 * Completes groups whose rows are written: deletes those that the source has no more, notes the
 * groups for the search indexes, and puts the digests into the ledger.
 */
export async function finishSteps(
  keys: TableKeys,
  groups: readonly GroupState[],
  notes: SearchNotes,
): Promise<Step[]> {
  const facts = groups.map((group) => group.facts);
  const old = facts.flatMap(({ kind, id, known }) => (known ? [[kind, id, known.nextPiece]] : []));
  return [
    ...(await removalSteps(keys, groups)),
    ...notes.noteChats(foundChats(facts)),
    ...(old.length > 0 ? [contentStep(forgetOldPieces, old)] : []),
    contentStep(
      `INSERT INTO importGroups (kind, id, digest)
        SELECT entry.value ->> 0, entry.value ->> 1, entry.value ->> 2 FROM json_each(?) AS entry
        WHERE true ON CONFLICT (kind, id) DO UPDATE SET digest = excluded.digest`,
      facts.map(({ kind, id, digest }) => [kind, id, digest]),
    ),
  ];
}

const forgetOldPieces = `DELETE FROM importRows WHERE (kind, groupId, tableName, piece) IN (
  SELECT importRows.kind, importRows.groupId, importRows.tableName, importRows.piece
  FROM json_each(?) AS entry
  CROSS JOIN importRows ON importRows.kind = entry.value ->> 0
    AND importRows.groupId = entry.value ->> 1 AND importRows.piece < entry.value ->> 2
)`;

async function removalSteps(keys: TableKeys, groups: readonly GroupState[]): Promise<Step[]> {
  const removed = new Map<string, string[]>();
  for (const group of groups) {
    for (const [table, gone] of group.removedKeys()) {
      const ofTable = removed.get(table) ?? [];
      for (const key of gone) ofTable.push(key);
      removed.set(table, ofTable);
    }
  }
  const steps: Step[] = [];
  for (const table of [...removed.keys()].sort((a, b) => byTableOrder(b, a))) {
    const key = await keys.of(table);
    for (const statement of deleteRows({ table, key }, removed.get(table) ?? [])) {
      steps.push({ database: databaseOf(table), statement });
    }
  }
  return steps;
}
