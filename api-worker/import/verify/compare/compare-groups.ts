/**
 * Looks at the groups in whose buckets source and target differ: says for each whether the source
 * has changed since, whether people have added to it here, or what is wrong.
 */
import type { GroupKind, SourceGroup, Target } from "../../model.ts";
import { inBatches } from "../../source/batches.ts";
import { type ExpectedSource, groupHere } from "../expected-source.ts";
import { listStoredGroups, readStoredRows } from "../stored/stored-rows.ts";
import type { StoredTable } from "../stored/stored-tables.ts";
import type { Differences, GroupsResult } from "../verification.ts";
import {
  addRowDifference,
  compareColumns,
  isCopy,
  matchRows,
  type RowPair,
} from "./compare-rows.ts";
import type { ComparedRow } from "./compared-row.ts";
import { continuedColumns, differsOnlyIn, keptBefore } from "./continued.ts";
import { bucketOf, Digests } from "./digests.ts";
import type { Ledger } from "./ledger.ts";
import { type Sides, sideOf } from "./sides.ts";

export interface Comparison {
  readonly target: Target;
  readonly ledger: Ledger;
  readonly expected: ExpectedSource;
  readonly sides: Sides;
  readonly differences: Differences;
  readonly groups: GroupCounts;
  /** Whether the source lists all its groups: without `--since`. */
  readonly isWhole: boolean;
  /** Ids in the target of groups that have another one at the source, and were compared. */
  readonly renamed: Set<string>;
}

/** Groups of one round, and bytes of their rows at the source. */
const roundBounds = { groups: 200, bytes: 16_000_000 };
const examplesKept = 100;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class GroupCounts implements GroupsResult {
  compared = 0;
  changedAtSource = 0;
  newAtSource = 0;
  deletedAtSource = 0;
  readonly examples: string[] = [];

  note(state: "changed" | "new" | "deleted", kind: GroupKind, id: string): void {
    const counter = `${state}AtSource` as const;
    this[counter]++;
    if (this.examples.length < examplesKept) this.examples.push(`${kind} ${id} (${state})`);
  }
}

/** Compares the groups of a kind row by row wherever the digests of a bucket differ. */
export async function compareGroups(comparison: Comparison, kind: GroupKind): Promise<void> {
  const sides = [...comparison.sides.values()].filter(({ table }) => table.kind === kind);
  const buckets = new Set<number>();
  for (const { source, target } of sides) {
    for (const bucket of source.differingBuckets(target)) buckets.add(bucket);
  }
  if (buckets.size === 0) return;
  const tables = sides.map(({ table }) => table);
  const groups = inBuckets(comparison.expected.listGroups(kind), buckets);
  for await (const round of inBatches(groups, roundBounds)) {
    await compareRound(comparison, kind, tables, round);
  }
  await lookAtRest(comparison, kind, tables, buckets);
}

async function* inBuckets(
  groups: AsyncIterable<SourceGroup>,
  buckets: ReadonlySet<number>,
): AsyncGenerator<SourceGroup> {
  for await (const group of groups) {
    if (buckets.has(bucketOf(groupHere(group.kind, group.id)))) yield group;
  }
}

async function compareRound(
  comparison: Comparison,
  kind: GroupKind,
  tables: readonly StoredTable[],
  round: readonly SourceGroup[],
): Promise<void> {
  const { target, ledger, expected: source, sides, groups } = comparison;
  const ids = round.map(({ id }) => id);
  const [digests, known, expected, stored] = await Promise.all([
    ledger.digestsOf(kind, ids),
    ledger.rowsOf(kind, ids),
    source.read(kind, ids),
    readAll(
      target,
      tables,
      ids.map((id) => groupHere(kind, id)),
    ),
  ]);
  for (const row of stored) sideOf(sides, row.table.name).markSeen(row);
  const expectedByGroup = Map.groupBy(expected, ({ groupId }) => groupId);
  const storedByGroup = Map.groupBy(stored, ({ groupId }) => groupId);
  for (const { id, digest } of round) {
    const here = groupHere(kind, id);
    if (here !== id) comparison.renamed.add(here);
    const rows = {
      expected: expectedByGroup.get(here) ?? [],
      stored: storedByGroup.get(here) ?? [],
    };
    const copied = digests.get(id);
    if (copied === digest) {
      groups.compared++;
      compareGroup(comparison, id, rows, known);
    } else {
      groups.note(copied === undefined ? "new" : "changed", kind, id);
      leaveOut(sides, tables, rows);
    }
  }
}

interface GroupRows {
  readonly expected: readonly ComparedRow[];
  readonly stored: readonly ComparedRow[];
}

function compareGroup(
  { sides, differences }: Comparison,
  groupId: string,
  rows: GroupRows,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const { pairs, missing, unexpected } = matchByTable(rows);
  for (const row of missing) addRowDifference("missing", row, differences);
  const isKnown = (row: ComparedRow) =>
    known.get(`${groupId} ${row.table.name}`)?.has(keyOf(row)) === true;
  const owners = new Set(rows.expected.map(({ values }) => values.userId));
  const madeHere: ComparedRow[] = [];
  const extra: ComparedRow[] = [];
  for (const row of unexpected) {
    const isOurs = !isKnown(row) && (owners.has(row.values.userId) || owners.size === 0);
    if (!isOurs) extra.push(row);
    else if (
      isCopy(
        row,
        rows.expected.filter(({ table }) => table === row.table),
      )
    ) {
      addRowDifference("doubled", row, differences);
    } else madeHere.push(row);
  }
  const kept = keptBefore(extra, madeHere);
  for (const row of extra) if (!kept.has(row)) addRowDifference("extra", row, differences);
  for (const row of [...madeHere, ...kept]) sideOf(sides, row.table.name).leaveOutMadeHere(row);
  for (const pair of pairs) comparePair(sides, differences, pair, madeHere);
}

/** A row that tells of rows that were made here may differ in what it tells of them. */
function comparePair(
  sides: Sides,
  differences: Differences,
  pair: RowPair,
  madeHere: readonly ComparedRow[],
): void {
  const columns = continuedColumns(pair.stored, madeHere);
  if (columns.length > 0 && differsOnlyIn(pair, columns)) {
    sideOf(sides, pair.stored.table.name).takeAsImported(pair.expected, pair.stored);
  } else compareColumns(pair, differences);
}

function matchByTable({ expected, stored }: GroupRows) {
  const tables = new Set([...expected, ...stored].map(({ table }) => table));
  const matches = [...tables].map((table) => {
    const isOfTable = (row: ComparedRow) => row.table === table;
    return matchRows(expected.filter(isOfTable), stored.filter(isOfTable));
  });
  return {
    pairs: matches.flatMap(({ pairs }) => pairs),
    missing: matches.flatMap(({ missing }) => missing),
    unexpected: matches.flatMap(({ unexpected }) => unexpected),
  };
}

/** Rows of the target whose groups the source does not have. */
async function lookAtRest(
  comparison: Comparison,
  kind: GroupKind,
  tables: readonly StoredTable[],
  buckets: ReadonlySet<number>,
): Promise<void> {
  const nothing = new Digests();
  for (const table of tables) {
    const rest = sideOf(comparison.sides, table.name).unseen.differingBuckets(nothing);
    const isRest = (id: string) => buckets.has(bucketOf(id)) && rest.has(bucketOf(id));
    let ids: string[] = [];
    for await (const id of listStoredGroups(comparison.target, table)) {
      if (!isRest(id)) continue;
      ids.push(id);
      if (ids.length === roundBounds.groups) {
        await lookAtForeign(comparison, kind, table, ids);
        ids = [];
      }
    }
    if (ids.length > 0) await lookAtForeign(comparison, kind, table, ids);
  }
}

async function lookAtForeign(
  { target, ledger, expected, sides, differences, groups, isWhole, renamed }: Comparison,
  kind: GroupKind,
  table: StoredTable,
  ids: readonly string[],
): Promise<void> {
  // The source's ids are UUIDs, and Postgres ends the transaction at any other text.
  const possible = ids.filter((id) => uuidPattern.test(id));
  const atSource = new Set((await expected.read(kind, possible)).map(({ groupId }) => groupId));
  const foreign = ids.filter((id) => !atSource.has(id) && !renamed.has(id));
  if (foreign.length === 0) return;
  const known = await ledger.rowsOf(kind, foreign);
  const copied = await ledger.digestsOf(kind, foreign);
  const gone = new Set<string>();
  const side = sideOf(sides, table.name);
  for await (const rows of readStoredRows(target, table, foreign)) {
    for (const row of rows) {
      if (!known.get(`${row.groupId} ${table.name}`)?.has(keyOf(row))) side.leaveOutMadeHere(row);
      else if (copied.has(row.groupId) || !isWhole) {
        gone.add(row.groupId);
        side.leaveOut([], [row]);
      } else addRowDifference("extra", row, differences);
    }
  }
  // Each group is told once, by the first table that has it.
  if (isWhole && table.name === firstTableOf[kind]) {
    for (const id of gone) groups.note("deleted", kind, id);
  }
}

const firstTableOf: Readonly<Record<GroupKind, string>> = {
  user: "users",
  chat: "chats",
  document: "documents",
  legacy: "",
};

function leaveOut(sides: Sides, tables: readonly StoredTable[], rows: GroupRows): void {
  for (const table of tables) {
    const isOfTable = (row: ComparedRow) => row.table === table;
    const side = sideOf(sides, table.name);
    side.leaveOut(rows.expected.filter(isOfTable), rows.stored.filter(isOfTable));
  }
}

async function readAll(target: Target, tables: readonly StoredTable[], ids: readonly string[]) {
  const all: ComparedRow[] = [];
  for (const table of tables) {
    for await (const rows of readStoredRows(target, table, ids)) all.push(...rows);
  }
  return all;
}

/** The key of a row as the ledger has it. */
function keyOf({ table, values }: ComparedRow): string {
  return JSON.stringify(table.key.map((column) => values[column]));
}
