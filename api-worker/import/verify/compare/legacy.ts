/** Compares the tables that the product does not know, which the target keeps as `legacy_…`. */
import type {
  LegacyTable,
  RawRow,
  Source,
  SourceColumn,
  SourceGroup,
  Target,
  Value,
} from "../../model.ts";
import { inBatches } from "../../source/batches.ts";
import { quoted } from "../../types/quoted.ts";
import { toStored } from "../../types/type-table.ts";
import { canonicalText } from "../canonical-json.ts";
import { readStoredRows } from "../stored/stored-rows.ts";
import type { StoredTable } from "../stored/stored-tables.ts";
import type { Differences, TableResult } from "../verification.ts";
import type { GroupCounts } from "./compare-groups.ts";
import { addRowDifference, compareColumns, matchRows } from "./compare-rows.ts";
import type { ComparedRow } from "./compared-row.ts";
import { bucketOf } from "./digests.ts";
import type { Ledger } from "./ledger.ts";
import { TableSides } from "./sides.ts";

export interface LegacyComparison {
  readonly source: Source;
  readonly target: Target;
  readonly ledger: Ledger;
  readonly differences: Differences;
  readonly groups: GroupCounts;
  readonly isWhole: boolean;
}

/** Columns that a table of the target can have; what is beyond them is one JSON object. */
const columnsMax = 98;
const moreColumn = "_more";
const rowColumn = "_row";
/** Rows that are looked at one by one in a round. */
const roundRows = 20_000;
const batchBounds = { groups: 100, bytes: 4_000_000 };

interface Column {
  readonly name: string;
  readonly source: SourceColumn;
}

interface ComparedTable {
  /** As the source lists them. */
  readonly parts: readonly SourceGroup[];
  readonly stored: StoredTable;
  readonly columns: readonly Column[];
  readonly more: readonly SourceColumn[];
  readonly sides: TableSides;
}

export async function compareLegacy(comparison: LegacyComparison): Promise<readonly TableResult[]> {
  const results: TableResult[] = [];
  const partsOf = await listParts(comparison.source);
  for (const legacy of comparison.source.shape.legacyTables) {
    const table = describe(legacy, partsOf.get(legacy.name) ?? []);
    const isCurrent = await isCopied(comparison, table);
    if (isCurrent) await compareTable(comparison, table);
    results.push(resultOf(table, comparison.differences));
  }
  return results;
}

/** The parts of every legacy table, by the table's name in the target. */
async function listParts(source: Source): Promise<ReadonlyMap<string, readonly SourceGroup[]>> {
  const parts: SourceGroup[] = [];
  for await (const part of source.listGroups(["legacy"])) parts.push(part);
  return Map.groupBy(parts, ({ id }) => id.slice(0, id.lastIndexOf(":")));
}

/** The table in the target: the key's columns first, names that differ by case made different. */
function describe(legacy: LegacyTable, parts: readonly SourceGroup[]): ComparedTable {
  const isOfKey = ({ name }: SourceColumn) => legacy.key.includes(name);
  const ordered = [
    ...legacy.columns.filter(isOfKey),
    ...legacy.columns.filter((column) => !isOfKey(column)),
  ];
  const taken = new Set([rowColumn, moreColumn]);
  const columns = ordered.slice(0, columnsMax).map((source): Column => {
    let name = source.name;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${source.name}_${count}`;
    taken.add(name.toLowerCase());
    return { name, source };
  });
  const more = ordered.slice(columnsMax);
  const names = [...columns.map(({ name }) => name), ...(more.length > 0 ? [moreColumn] : [])];
  const key = columns.slice(0, legacy.key.length).map(({ name }) => name);
  const stored: StoredTable = {
    ...{ name: legacy.name, database: "content", kind: "legacy" },
    ...{ key: key.length > 0 ? key : [rowColumn], identity: key.length > 0 ? key : names },
    // The key of a table without one is made here, and only orders its rows.
    columns: key.length > 0 ? names : [...names, rowColumn],
    group: "''",
    bytes: names.map((name) => `coalesce(octet_length(rows.${quoted(name)}), 0)`).join(" + "),
  };
  return { parts, stored, columns, more, sides: new TableSides(stored) };
}

/** Whether the ledger has all parts of a table as they are at the source. Notes those that it has not. */
async function isCopied(
  { ledger, groups, isWhole }: LegacyComparison,
  { parts }: ComparedTable,
): Promise<boolean> {
  const ids = parts.map(({ id }) => id);
  const copied = await ledger.digestsOf("legacy", ids);
  let isCurrent = isWhole;
  for (const { id, digest } of parts) {
    if (copied.get(id) === digest) continue;
    isCurrent = false;
    groups.note(copied.has(id) ? "changed" : "new", "legacy", id);
  }
  return isCurrent;
}

async function compareTable(comparison: LegacyComparison, table: ComparedTable): Promise<void> {
  const { sides, stored } = table;
  for await (const row of expectedRows(comparison.source, table)) sides.addExpected(row);
  const exists = await comparison.target.query("content", {
    sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
    params: [stored.name],
  });
  if (exists.length > 0) {
    for await (const row of storedRows(comparison.target, table)) sides.addStored(row);
  }
  const differing = [...sides.source.differingBuckets(sides.target)];
  const perRow = Math.max(1, sides.source.count + sides.target.count) / 16_384;
  const perRound = Math.max(1, Math.floor(roundRows / perRow));
  for (let start = 0; start < differing.length; start += perRound) {
    const round = new Set(differing.slice(start, start + perRound));
    const isOfRound = ({ groupId }: ComparedRow) => round.has(bucketOf(groupId));
    const expected = await collect(expectedRows(comparison.source, table), isOfRound);
    const found =
      exists.length > 0 ? await collect(storedRows(comparison.target, table), isOfRound) : [];
    const { pairs, missing, unexpected } = matchRows(expected, found);
    for (const pair of pairs) compareColumns(pair, comparison.differences);
    for (const row of missing) addRowDifference("missing", row, comparison.differences);
    for (const row of unexpected) addRowDifference("extra", row, comparison.differences);
  }
}

async function collect(rows: AsyncIterable<ComparedRow>, isWanted: (row: ComparedRow) => boolean) {
  const wanted: ComparedRow[] = [];
  for await (const row of rows) if (isWanted(row)) wanted.push(row);
  return wanted;
}

async function* expectedRows(source: Source, table: ComparedTable): AsyncGenerator<ComparedRow> {
  // Each reading goes over the whole table.
  for await (const batch of inBatches(table.parts, batchBounds)) {
    const ids = batch.map(({ id }) => id);
    for (const group of await source.readGroups("legacy", ids)) {
      if (group.kind !== "legacy") continue;
      for (const row of group.rows) yield toExpected(row, table);
    }
  }
}

function toExpected(row: RawRow, { columns, more, stored }: ComparedTable): ComparedRow {
  const value = (source: SourceColumn) => toStored(row[source.name] ?? null, source);
  const values: Record<string, Value> = {};
  for (const { name, source } of columns) values[name] = value(source);
  if (more.length > 0) {
    const rest = Object.fromEntries(more.map((source) => [source.name, value(source)]));
    values[moreColumn] = canonicalText(JSON.stringify(rest));
  }
  return inTable(stored, values);
}

async function* storedRows(target: Target, table: ComparedTable): AsyncGenerator<ComparedRow> {
  for await (const rows of readStoredRows(target, table.stored)) {
    for (const { values } of rows) {
      const own: Record<string, Value> = { ...values };
      delete own[rowColumn];
      if (typeof own[moreColumn] === "string") own[moreColumn] = canonicalText(own[moreColumn]);
      yield inTable(table.stored, own);
    }
  }
}

/** A row's bucket is that of its key, or of the whole row for a table without a key. */
function inTable(table: StoredTable, values: Record<string, Value>): ComparedRow {
  const groupId = JSON.stringify(table.identity.map((name) => values[name]));
  return { table, groupId, values };
}

function resultOf({ sides, stored }: ComparedTable, differences: Differences): TableResult {
  const { source, target } = sides;
  return {
    ...{ table: stored.name, sourceRows: source.count, targetRows: target.count },
    ...{ sourceDigest: source.digest, targetDigest: target.digest, madeHere: 0, notCompared: 0 },
    differences: differences.countOf(stored.name),
  };
}
