import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { ScriptError } from "../failure.ts";
import { runMigrations } from "../migration-files.ts";
import {
  type DatabaseDigest,
  digestedTables,
  digestSchema,
  openFile,
  placesOf,
  readFileSchema,
} from "./copy-database.ts";
import { digestTable, readFileRows, type Values } from "./rows.ts";
import type { SqlValue, Statement, StoredDatabase } from "./storage.ts";
import {
  isPassing,
  progressTable,
  quoted,
  quotedList,
  readSchema,
  readTables,
  type SchemaPart,
  sequenceTable,
  type TableFacts,
} from "./tables.ts";

/**
 * Fills a database from the file of a backup: tables, then rows, parents before children, then indexes
 * and triggers, which must not act on rows that have been counted already. Until its end the database
 * has a table that says how far the restore is, so one that was killed goes on.
 */

/** Bytes of a page of rows, which is one parameter: D1 takes 2 MB. A longer row is bound value by value. */
const pageMaxBytes = 900_000;
const pageMaxRows = 500;
/** Statements of one request. */
const batchMost = 40;

/** What a database has before a restore. */
export type TargetState = "empty" | "filled" | "restoring";

/** @param backupId of the backup that is restored */
export async function findTargetState(
  database: StoredDatabase,
  backupId: string,
): Promise<TargetState> {
  if ((await readBackupId(database)) === backupId) return "restoring";
  const tables = (await readSchema(database)).filter(({ type }) => type === "table");
  // Which migrations were applied is no content, and neither are the rows that they wrote.
  const names = tables
    .map(({ name }) => name)
    .filter((name) => !/migrations/.test(name) && !isPassing(name));
  const initialRows = countInitialRows();
  for (const some of inGroups(names, batchMost)) {
    const results = await database.run(
      some.map((name) => ({
        sql: `SELECT EXISTS (SELECT 1 FROM ${quoted(name)} LIMIT 1 OFFSET ${initialRows.get(name) ?? 0}) AS isFilled`,
      })),
    );
    if (results.some(([row]) => row?.isFilled === 1)) return "filled";
  }
  return "empty";
}

/** @returns how many rows each table has after the migrations */
function countInitialRows(): Map<string, number> {
  const sqlite = new DatabaseSync(":memory:");
  runMigrations(sqlite);
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const counts = tables.map(({ name }) => {
    const row = sqlite.prepare(`SELECT count(*) AS n FROM ${quoted(String(name))}`).get();
    return [String(name), Number(row?.n)] as const;
  });
  sqlite.close();
  return new Map(counts);
}

async function readBackupId(database: StoredDatabase): Promise<string | undefined> {
  const [tables] = await database.run([
    { sql: `SELECT 1 FROM sqlite_schema WHERE name = '${progressTable}'` },
  ]);
  if (!tables?.length) return undefined;
  const [rows] = await database.run([{ sql: `SELECT backupId FROM ${progressTable} LIMIT 1` }]);
  return z.array(z.object({ backupId: z.string() })).parse(rows)[0]?.backupId;
}

/** @param digest of a schema */
export async function hasSchema(database: StoredDatabase, digest: string): Promise<boolean> {
  return digestSchema(await readSchema(database)) === digest;
}

/** Deletes everything in a database. */
export async function emptyDatabase(database: StoredDatabase): Promise<void> {
  const schema = await readSchema(database);
  const drops = schema
    .filter(({ type }) => type === "trigger")
    .map(({ name }) => `DROP TRIGGER IF EXISTS ${quoted(name)}`);
  const tables = tablesOf(schema).toReversed();
  drops.push(...tables.map(({ name }) => `DROP TABLE IF EXISTS ${quoted(name)}`));
  drops.push(`DROP TABLE IF EXISTS ${progressTable}`);
  for (const some of inGroups(drops, batchMost)) {
    await database.run(some.map((sql) => ({ sql })));
  }
}

/** What SQLite knows about the tables of a schema, parents first. */
function tablesOf(schema: readonly SchemaPart[]): TableFacts[] {
  const sqlite = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
  for (const { type, sql } of schema) if (type === "table") sqlite.exec(sql);
  const tables = readTables(sqlite, schema);
  sqlite.close();
  return tables;
}

/**
 * Fills a database, which is empty or was partly filled from the same backup.
 *
 * @param path of the file of the backup
 * @throws {ScriptError} when the database refuses something
 */
export async function fillDatabase(
  database: StoredDatabase,
  path: string,
  backupId: string,
): Promise<void> {
  const sqlite = openFile(path);
  try {
    const schema = readFileSchema(sqlite);
    if ((await readBackupId(database)) !== backupId) await createTables(database, schema, backupId);
    for (const table of digestedTables(sqlite)) {
      if (table === sequenceTable) await setSequences(database, sqlite);
      else await fillTable(database, sqlite, table);
    }
    const known = new Set((await readSchema(database)).map(({ name }) => name));
    for (const { name, sql } of schema) if (!known.has(name)) await database.run([{ sql }]);
  } finally {
    sqlite.close();
  }
}

async function createTables(
  database: StoredDatabase,
  schema: readonly SchemaPart[],
  backupId: string,
): Promise<void> {
  // An empty database may have tables.
  await emptyDatabase(database);
  const tables = schema.filter(({ type }) => type === "table");
  for (const some of inGroups(tables, batchMost)) {
    await database.run(some.map(({ sql }) => ({ sql })));
  }
  // Last, so that a restore that was killed before begins anew.
  await database.run([
    {
      sql: `CREATE TABLE ${progressTable} (name TEXT PRIMARY KEY, backupId TEXT NOT NULL, rowCount INTEGER NOT NULL)`,
    },
    { sql: `INSERT INTO ${progressTable} VALUES ('', ?, 0)`, params: [backupId] },
  ]);
}

async function fillTable(
  database: StoredDatabase,
  sqlite: DatabaseSync,
  table: TableFacts,
): Promise<void> {
  const [rows] = await database.run([
    { sql: `SELECT rowCount FROM ${progressTable} WHERE name = ?`, params: [table.name] },
  ]);
  let count = Number(rows?.[0]?.rowCount ?? 0);
  const all = readFileRows(sqlite, table, { places: placesOf(table), skip: count });
  for (const page of inPages(all)) {
    count += page.count;
    // A page that was written before its place in the table was noted is written again.
    await database.run([
      page.statement(table),
      {
        sql: `INSERT INTO ${progressTable} SELECT ?1, backupId, ?2 FROM ${progressTable} WHERE name = '' ON CONFLICT (name) DO UPDATE SET rowCount = excluded.rowCount`,
        params: [table.name, count],
      },
    ]);
  }
}

interface Page {
  readonly count: number;
  statement(table: TableFacts): Statement;
}

function* inPages(rows: Iterable<Values>): Generator<Page> {
  let page: string[] = [];
  let bytes = 0;
  for (const values of rows) {
    const json = JSON.stringify(values);
    const size = Buffer.byteLength(json);
    // SQLite ends a text of JSON at the character 0.
    const isAlone = size > pageMaxBytes || json.includes("\\u0000");
    const isFull = bytes + size > pageMaxBytes || page.length >= pageMaxRows;
    if (page.length > 0 && (isAlone || isFull)) {
      yield jsonPage(page);
      [page, bytes] = [[], 0];
    }
    if (isAlone) yield { count: 1, statement: (table) => insertRow(table, values) };
    else {
      page.push(json);
      bytes += size;
    }
  }
  if (page.length > 0) yield jsonPage(page);
}

const jsonPage = (rows: readonly string[]): Page => ({
  count: rows.length,
  statement: ({ name, columns }) => ({
    sql: `INSERT OR IGNORE INTO ${quoted(name)} (${quotedList(columns)}) SELECT ${columns.map((_, index) => `json_extract(value, '$[${index}]')`).join(", ")} FROM json_each(?1)`,
    params: [`[${rows.join(",")}]`],
  }),
});

const insertRow = ({ name, columns }: TableFacts, values: readonly SqlValue[]): Statement => ({
  sql: `INSERT OR IGNORE INTO ${quoted(name)} (${quotedList(columns)}) VALUES (${columns.map(() => "?").join(", ")})`,
  params: values,
});

async function setSequences(database: StoredDatabase, sqlite: DatabaseSync): Promise<void> {
  const rows = [...readFileRows(sqlite, sequenceTable)];
  await database.run([
    { sql: "DELETE FROM sqlite_sequence" },
    ...rows.map((params) => ({
      sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
      params,
    })),
  ]);
}

/** Reads a database back, and computes the digests of what a backup has. */
export async function digestDatabase(
  database: StoredDatabase,
  path: string,
): Promise<DatabaseDigest> {
  const sqlite = openFile(path);
  try {
    const tables: [string, DatabaseDigest["tables"][string]][] = [];
    for (const table of digestedTables(sqlite)) {
      tables.push([table.name, await digestTable(database, table)]);
    }
    const schema = digestSchema(await readSchema(database));
    return { name: database.name, schema, tables: Object.fromEntries(tables) };
  } finally {
    sqlite.close();
  }
}

/** Ends a restore: from now on the database counts as any other. */
export async function endRestore(database: StoredDatabase): Promise<void> {
  await database.run([{ sql: `DROP TABLE IF EXISTS ${progressTable}` }]);
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** @throws {ScriptError} when a backup has a migration that this version of the product lacks */
export function checkMigrations(path: string, known: ReadonlySet<string>): void {
  const sqlite = openFile(path);
  try {
    for (const { name: table } of digestedTables(sqlite)) {
      const [, kind] = /^migrations_(\w+)$/.exec(table) ?? [];
      if (kind === undefined) continue;
      for (const { name } of sqlite.prepare(`SELECT name FROM ${quoted(table)}`).all()) {
        if (known.has(`${kind}/${name}`)) continue;
        throw new ScriptError(
          `The backup has the migration ${kind}/${name}, which this version does not have. Restore it with the version that made it, or a later one.`,
        );
      }
    }
  } finally {
    sqlite.close();
  }
}
