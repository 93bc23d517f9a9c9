import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { ScriptError } from "../failure.ts";
import { recountUse } from "./recount-use.ts";
import { digestFileTable, readPages, type TableDigest, type Values } from "./rows.ts";
import type { StoredDatabase } from "./storage.ts";
import {
  hasSequences,
  isPassing,
  quoted,
  quotedList,
  readSchema,
  readTables,
  type SchemaPart,
  sequenceTable,
  type TableFacts,
} from "./tables.ts";

/**
 * Copies a database into a file of SQLite. The file has the rows, and beside them, in tables of its
 * own, the schema and how far the copy is. A page and its place are written in one transaction, so a
 * copy that was killed goes on where it ended.
 */

/** Tables of the file that the database does not have. */
const own = {
  schema: "_backupSchema",
  progress: "_backupProgress",
  order: "_backupOrder",
} as const;

/** The digests of a database. */
export interface DatabaseDigest {
  readonly name: string;
  readonly schema: string;
  readonly tables: Readonly<Record<string, TableDigest>>;
}

/** Opens the file of a database. It has what it is given, also rows whose parents come later. */
export function openFile(path: string, options: { readonly isNew?: boolean } = {}): DatabaseSync {
  const readOnly = options.isNew !== true;
  return new DatabaseSync(path, { readOnly, enableForeignKeyConstraints: false });
}

/**
 * Copies a database, or what is missing of it.
 *
 * @param path of the file, which is made if need be
 * @returns how many rows were left out, because what they refer to was deleted or written while the copy
 *   was made, or because a later version of the same row was read
 * @throws {ScriptError} when the tables have changed since the copy was begun, or change before its end
 */
export async function copyDatabase(source: StoredDatabase, path: string): Promise<number> {
  const sqlite = openFile(path, { isNew: true });
  try {
    const schema = await readSchema(source);
    beginFile(sqlite, schema, source.name);
    const tables = readTables(sqlite, schema).filter(({ name }) => !isPassing(name));
    for (const table of tables) await copyTable(source, sqlite, table);
    const leftOut = countReplaced(sqlite) + leaveOutOrphans(sqlite, schema);
    recountUse(sqlite);
    await copySequences(source, sqlite, schema);
    // A migration since the beginning is in the list of migrations, and its tables are not here.
    checkSchema(await readSchema(source), schema, source.name);
    orderSelfReferences(sqlite, schema);
    return leftOut;
  } finally {
    sqlite.close();
  }
}

function beginFile(sqlite: DatabaseSync, schema: readonly SchemaPart[], name: string): void {
  if (hasTable(sqlite, own.schema)) {
    checkSchema(schema, readFileSchema(sqlite), name);
    return;
  }
  inTransaction(sqlite, () => {
    sqlite.exec(`CREATE TABLE ${own.schema} (value TEXT NOT NULL)`);
    sqlite.exec(
      `CREATE TABLE ${own.progress} (name TEXT PRIMARY KEY, key TEXT, isDone INTEGER, replaced INTEGER)`,
    );
    sqlite.prepare(`INSERT INTO ${own.schema} VALUES (?)`).run(JSON.stringify(schema));
    for (const { type, sql } of schema) if (type === "table") sqlite.exec(sql);
    // A row that moves while its table is read is read twice. The database would refuse both.
    for (const { sql } of schema) if (/^CREATE UNIQUE INDEX\b/i.test(sql)) sqlite.exec(sql);
  });
}

function checkSchema(now: readonly SchemaPart[], begun: readonly SchemaPart[], name: string): void {
  if (JSON.stringify(now) === JSON.stringify(begun)) return;
  throw new ScriptError(
    `The tables of ${name} have changed since this backup was begun. Begin another one, in a new folder.`,
  );
}

/** Reads the schema of the database that a file is a copy of. */
export function readFileSchema(sqlite: DatabaseSync): SchemaPart[] {
  const row = sqlite.prepare(`SELECT value FROM ${own.schema}`).get();
  return JSON.parse(String(row?.value));
}

function hasTable(sqlite: DatabaseSync, name: string): boolean {
  return sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(name) !== undefined;
}

function inTransaction(sqlite: DatabaseSync, act: () => void): void {
  sqlite.exec("BEGIN");
  try {
    act();
    sqlite.exec("COMMIT");
  } catch (error) {
    sqlite.exec("ROLLBACK");
    throw error;
  }
}

async function copyTable(
  source: StoredDatabase,
  sqlite: DatabaseSync,
  table: TableFacts,
): Promise<void> {
  const known = sqlite
    .prepare(`SELECT key, isDone, replaced FROM ${own.progress} WHERE name = ?`)
    .get(table.name);
  if (known?.isDone) return;
  const note = sqlite.prepare(`INSERT OR REPLACE INTO ${own.progress} VALUES (?, ?, ?, ?)`);
  const places = table.columns.map(() => "?").join(", ");
  const into = `INTO ${quoted(table.name)} (${quotedList(table.columns)}) VALUES (${places})`;
  const insert = sqlite.prepare(`INSERT OR IGNORE ${into}`);
  const replace = sqlite.prepare(`INSERT OR REPLACE ${into}`);
  const count = sqlite.prepare(`SELECT count(*) AS n FROM ${quoted(table.name)}`);
  const countRows = () => Number(count.get()?.n);
  let replaced = Number(known?.replaced ?? 0);
  const after: Values | null = known ? JSON.parse(String(known.key)) : null;
  for await (const page of readPages(source, table, after)) {
    inTransaction(sqlite, () => {
      for (const values of page) {
        if (insert.run(...values).changes > 0) continue;
        const before = countRows();
        replace.run(...values);
        replaced += before + 1 - countRows();
      }
      const last = page.at(-1) ?? [];
      const key = table.key.map((column) => last[table.columns.indexOf(column)] ?? null);
      note.run(table.name, JSON.stringify(key), 0, replaced);
    });
  }
  note.run(table.name, "null", 1, replaced);
}

/** How many rows gave way to a later version of themselves, also before the copy was interrupted. */
function countReplaced(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare(`SELECT sum(replaced) AS n FROM ${own.progress}`).get()?.n ?? 0);
}

/** Deletes rows whose parents are missing, and those that are missing theirs for it. */
function leaveOutOrphans(sqlite: DatabaseSync, schema: readonly SchemaPart[]): number {
  const statements = readTables(sqlite, schema).flatMap(({ name, foreignKeys }) =>
    foreignKeys.map(({ table, from, to }) => {
      const known = from.map((column) => `child.${quoted(column)} IS NOT NULL`);
      const pairs = from.map(
        (column, index) => `parent.${quoted(to[index] ?? "")} = child.${quoted(column)}`,
      );
      return `DELETE FROM ${quoted(name)} AS child WHERE ${known.join(" AND ")} AND NOT EXISTS (SELECT 1 FROM ${quoted(table)} AS parent WHERE ${pairs.join(" AND ")})`;
    }),
  );
  let leftOut = 0;
  for (let deleted = 1; deleted > 0; leftOut += deleted) {
    deleted = 0;
    for (const statement of statements) {
      deleted += Number(sqlite.prepare(statement).run().changes);
    }
  }
  return leftOut;
}

/** The last numbers of AUTOINCREMENT: one that was given to a deleted row must not return. */
async function copySequences(
  source: StoredDatabase,
  sqlite: DatabaseSync,
  schema: readonly SchemaPart[],
): Promise<void> {
  if (!hasSequences(schema)) return;
  for await (const page of readPages(source, sequenceTable)) {
    inTransaction(sqlite, () => {
      for (const [name = null, seq = null] of page) {
        sqlite.prepare("DELETE FROM sqlite_sequence WHERE name = ?").run(name);
        sqlite.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").run(name, seq);
      }
    });
  }
}

/**
 * Numbers the rows of tables that refer to themselves so that a row comes after the one that it refers
 * to, which a database demands of what is inserted.
 */
function orderSelfReferences(sqlite: DatabaseSync, schema: readonly SchemaPart[]): void {
  for (const table of readTables(sqlite, schema)) {
    const key = table.foreignKeys.find((one) => one.table === table.name);
    if (!key) continue;
    const name = quoted(table.name);
    const order = quoted(orderTable(table));
    const index = quoted(`${orderTable(table)}Index`);
    const pairs = key.from.map(
      (column, at) => `child.${quoted(column)} = parent.${quoted(key.to[at] ?? "")}`,
    );
    const isRoot = key.from.map((column) => `${quoted(column)} IS NULL`).join(" OR ");
    sqlite.exec(`DROP TABLE IF EXISTS ${order}`);
    sqlite.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${name} (${quotedList(key.from)})`);
    sqlite.exec(`CREATE TABLE ${order} (place INTEGER PRIMARY KEY, id INTEGER NOT NULL)`);
    sqlite.exec(`WITH RECURSIVE reached (id, level) AS (
      SELECT rowid, 0 FROM ${name} WHERE ${isRoot}
      UNION ALL
      SELECT child.rowid, level + 1 FROM reached
        JOIN ${name} AS parent ON parent.rowid = reached.id
        JOIN ${name} AS child ON ${pairs.join(" AND ")}
    ) INSERT INTO ${order} SELECT row_number() OVER (ORDER BY level, id), id FROM reached`);
    const count = (from: string) =>
      Number(sqlite.prepare(`SELECT count(*) AS n FROM ${from}`).get()?.n);
    if (count(order) !== count(name)) {
      throw new ScriptError(`Rows of ${table.name} refer to each other in a circle.`);
    }
  }
}

const orderTable = (table: TableFacts): string => `${own.order}_${table.name}`;

/** The table that numbers the rows of a table that refers to itself; undefined for any other. */
export function placesOf(table: TableFacts): string | undefined {
  return table.foreignKeys.some((one) => one.table === table.name) ? orderTable(table) : undefined;
}

/** The tables of a database that a file is a copy of, the numbers of AUTOINCREMENT last. */
export function digestedTables(sqlite: DatabaseSync): TableFacts[] {
  const schema = readFileSchema(sqlite);
  const tables = readTables(sqlite, schema).filter(({ name }) => !isPassing(name));
  return hasSequences(schema) ? [...tables, sequenceTable] : tables;
}

/** Computes the digests of a file. @throws {ScriptError} when it cannot be read */
export function digestFile(path: string, name: string): DatabaseDigest {
  try {
    const sqlite = openFile(path);
    try {
      const tables = digestedTables(sqlite).map(
        (table) => [table.name, digestFileTable(sqlite, table)] as const,
      );
      return {
        name,
        schema: digestSchema(readFileSchema(sqlite)),
        tables: Object.fromEntries(tables),
      };
    } finally {
      sqlite.close();
    }
  } catch (error) {
    throw new ScriptError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

export function digestSchema(schema: readonly SchemaPart[]): string {
  return createHash("sha256").update(JSON.stringify(schema)).digest("hex");
}
