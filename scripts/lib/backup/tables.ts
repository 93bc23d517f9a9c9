import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { ScriptError } from "../failure.ts";
import type { StoredDatabase } from "./storage.ts";

/** Schemas of databases, and what a copy has to know about their tables. */

/** A table, an index or a trigger. */
export const schemaPart = z.object({
  type: z.string(),
  name: z.string(),
  sql: z.string(),
});
export type SchemaPart = z.infer<typeof schemaPart>;

/** Of a restore that has not ended, in the database that it fills. */
export const progressTable = "restoreProgress";

/**
 * Tables about the running worker, which writes them at any time. Their rows are not in a backup, and do
 * not make a place one with content.
 */
const passingTables: ReadonlySet<string> = new Set(["jobRuns"]);

export const isPassing = (table: string): boolean => passingTables.has(table);

/** Reads the schema of a database, without SQLite's, the platform's and our own tables. */
export async function readSchema(database: StoredDatabase): Promise<SchemaPart[]> {
  const [rows] = await database.run([
    {
      sql: `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> '${progressTable}' ORDER BY type, name`,
    },
  ]);
  return z.array(schemaPart).parse(rows);
}

export interface TableFacts {
  readonly name: string;
  /** In their order; `rowid` first where it is the only key. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns whose values can be long. */
  readonly longColumns: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface ForeignKey {
  readonly table: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}
interface ForeignKeyRow {
  readonly id: number;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
}

/**
 * Reads what SQLite knows about tables.
 *
 * @param sqlite has the tables
 * @returns parents before their children
 * @throws {ScriptError} when tables refer to each other in a circle
 */
export function readTables(sqlite: DatabaseSync, schema: readonly SchemaPart[]): TableFacts[] {
  const tables = schema
    .filter(({ type }) => type === "table")
    .map(({ name }) => readTable(sqlite, name));
  return parentsFirst(tables);
}

function readColumns(sqlite: DatabaseSync, table: string): ColumnRow[] {
  const statement = sqlite.prepare("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid");
  return statement.all(table) as unknown as ColumnRow[];
}

const keyOf = (columns: readonly ColumnRow[]) =>
  columns
    .filter(({ pk }) => pk > 0)
    .sort((left, right) => left.pk - right.pk)
    .map(({ name }) => name);

function readTable(sqlite: DatabaseSync, name: string): TableFacts {
  const columns = readColumns(sqlite, name);
  const key = keyOf(columns);
  const names = columns.map((column) => column.name);
  const rows = sqlite
    .prepare(`SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq`)
    .all(name) as unknown as ForeignKeyRow[];
  const foreignKeys = [...Map.groupBy(rows, ({ id }) => id).values()].map((parts): ForeignKey => {
    const [{ table, to } = { table: "", to: null }] = parts;
    const parent =
      to === null ? keyOf(readColumns(sqlite, table)) : parts.map((one) => one.to ?? "");
    return { table, from: parts.map(({ from }) => from), to: parent };
  });
  return {
    name,
    columns: key.length > 0 ? names : ["rowid", ...names],
    key: key.length > 0 ? key : ["rowid"],
    longColumns: columns.filter(({ type }) => type !== "INTEGER").map((column) => column.name),
    foreignKeys,
  };
}

function parentsFirst(tables: readonly TableFacts[]): TableFacts[] {
  const sorted: TableFacts[] = [];
  let rest = [...tables];
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name));
    const [ready, others] = [true, false].map((isReady) =>
      rest.filter(
        ({ name, foreignKeys }) =>
          isReady === foreignKeys.every(({ table }) => table === name || !waiting.has(table)),
      ),
    );
    if (!ready?.length) {
      throw new ScriptError(
        `The tables ${[...waiting].join(", ")} refer to each other in a circle.`,
      );
    }
    sorted.push(...ready);
    rest = others ?? [];
  }
  return sorted;
}

/** Where SQLite keeps the last numbers of tables with AUTOINCREMENT. */
export const sequenceTable: TableFacts = {
  name: "sqlite_sequence",
  columns: ["name", "seq"],
  key: ["name"],
  longColumns: ["name"],
  foreignKeys: [],
};

/** Whether a schema has tables with AUTOINCREMENT. */
export function hasSequences(schema: readonly SchemaPart[]): boolean {
  return schema.some(({ sql }) => /\bAUTOINCREMENT\b/i.test(sql));
}

/** A name as SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quotedList = (names: readonly string[]): string => names.map(quoted).join(", ");
