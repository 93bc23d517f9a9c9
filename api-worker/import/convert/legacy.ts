/** What the product does not know is kept as it was, in tables named `legacy_…`. */
import { createHash } from "node:crypto";
import type {
  ConvertedGroup,
  LegacyTable,
  RawGroup,
  RawRow,
  SourceColumn,
  Statement,
  Value,
} from "../model.ts";
import { quoted } from "../types/quoted.ts";
import { sqliteTypeOf, toStored } from "../types/type-table.ts";

/** The key of rows without one: the hash of the row, and its number among equal rows. */
export const rowKeyColumn = "_row";
/** The columns beyond what D1 allows in a table, as one JSON object by their names. */
export const moreColumn = "_more";
/** D1 allows 100 columns in a table. */
const columnsMax = 98;

/** A column of the target's table, and where its value comes from. */
export interface LegacyColumn {
  /** The name in the target. */
  readonly name: string;
  readonly source: SourceColumn;
}

/**
 * The columns of a legacy table in the target, and those for which there is no room. SQLite takes
 * names without regard to case, so a name that is taken gets a number.
 */
export function legacyColumns({ columns, key }: LegacyTable): {
  readonly kept: readonly LegacyColumn[];
  readonly more: readonly SourceColumn[];
} {
  const taken = new Set([rowKeyColumn, moreColumn]);
  const isKey = ({ name }: SourceColumn) => key.includes(name);
  // The key's columns come first, so that they are never among those without room.
  const ordered = [...columns.filter(isKey), ...columns.filter((column) => !isKey(column))];
  const kept = ordered.slice(0, columnsMax).map((source): LegacyColumn => {
    let name = source.name;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${source.name}_${count}`;
    taken.add(name.toLowerCase());
    return { name, source };
  });
  return { kept, more: ordered.slice(columnsMax) };
}

/** The names of the key's columns in the target. */
export function legacyKey(table: LegacyTable): readonly string[] {
  if (table.key.length === 0) return [rowKeyColumn];
  const { kept } = legacyColumns(table);
  return table.key.map((name) => kept.find(({ source }) => source.name === name)?.name ?? name);
}

/**
 * The statements that make a legacy table, or add the columns that it lacks.
 *
 * @param existing the names of the columns that the table has; empty for a table that does not exist
 */
export function legacyStatements(table: LegacyTable, existing: readonly string[]): Statement[] {
  const { kept, more } = legacyColumns(table);
  const keyed = table.key.length > 0 ? [] : [`${quoted(rowKeyColumn)} TEXT`];
  const columns = kept.map(({ name, source }) => `${quoted(name)} ${sqliteTypeOf(source)}`);
  const rest = more.length > 0 ? [`${quoted(moreColumn)} TEXT`] : [];
  const all = [...keyed, ...columns, ...rest];
  const name = quoted(table.name);
  if (existing.length === 0) {
    const key = `PRIMARY KEY (${legacyKey(table).map(quoted).join(", ")})`;
    return [
      { sql: `CREATE TABLE IF NOT EXISTS ${name} (${[...all, key].join(", ")})`, params: [] },
    ];
  }
  const has = new Set(existing.map((column) => quoted(column).toLowerCase()));
  return all
    .filter((column) => !has.has(column.slice(0, column.lastIndexOf('"') + 1).toLowerCase()))
    .map((column) => ({ sql: `ALTER TABLE ${name} ADD COLUMN ${column}`, params: [] }));
}

/** Converts a part of a legacy table. */
export function convertLegacy({
  id,
  table,
  rows,
}: Extract<RawGroup, { kind: "legacy" }>): ConvertedGroup {
  const { kept, more } = legacyColumns(table);
  const keys = table.key.length > 0 ? null : new RowKeys();
  const stored = rows.map((row): Readonly<Record<string, Value>> => {
    const values = kept.map(({ name, source }) => [
      name,
      toStored(row[source.name] ?? null, source),
    ]);
    return {
      ...(keys && { [rowKeyColumn]: keys.of(row, table.columns) }),
      ...Object.fromEntries(values),
      ...(more.length > 0 && { [moreColumn]: moreOf(row, more) }),
    };
  });
  return {
    kind: "legacy",
    id,
    tables: [{ table: table.name, database: "content", key: legacyKey(table), rows: stored }],
    findings: [],
    userId: null,
  };
}

function moreOf(row: RawRow, columns: readonly SourceColumn[]): string {
  return JSON.stringify(
    Object.fromEntries(
      columns.map((column) => [column.name, toStored(row[column.name] ?? null, column)]),
    ),
  );
}

/** Makes the keys of rows that have none. */
class RowKeys {
  readonly #counts = new Map<string, number>();

  of(row: RawRow, columns: readonly SourceColumn[]): string {
    const text = JSON.stringify(columns.map(({ name }) => row[name] ?? null));
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, count);
    return `${hash}-${count}`;
  }
}
