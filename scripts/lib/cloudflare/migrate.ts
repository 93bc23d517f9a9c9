import { z } from "zod";
import { ScriptError } from "../failure.ts";
import { readMigrations } from "../migration-files.ts";
import type { CloudflareApi } from "./api.ts";
import { importSql, queryCloud } from "./import-sql.ts";
import type { Session } from "./login.ts";
import { type MigratedDatabase, requireResources } from "./target.ts";

/**
 * Migrations of the account's databases. Each is one import together with its row in the ledger, so
 * it is applied and recorded, or neither. The ledger is the table that wrangler keeps too, so
 * `wrangler d1 migrations list` goes on telling the truth.
 */

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Applies the migrations that the databases of an environment lack.
 *
 * @param print gets a line for each migration
 * @returns how many were applied
 * @throws {ScriptError} as {@link migrateDatabase}, or when nothing was set up
 */
export async function migrate(
  { api, target }: Session,
  print: (line: string) => void,
): Promise<number> {
  let count = 0;
  for (const database of requireResources(target).databases) {
    count += await migrateDatabase(api, database, print);
  }
  return count;
}

/**
 * Finds the migrations that a database lacks. Changes nothing.
 *
 * @throws {ScriptError} when the database has one that has no file: it belongs to a newer version
 */
export async function findPending(
  api: CloudflareApi,
  database: MigratedDatabase,
): Promise<readonly Migration[]> {
  const applied = await readLedger(api, database);
  const migrations = migrationsOf(database);
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new ScriptError(
      `The database of ${database.binding} has applied ${unknown}, which this version does not have. Deploy the version that has it, or a newer one.`,
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/**
 * Applies what a database lacks, one after another, and looks after each whether it is there. Safe to
 * run again after it was stopped, and beside another run: of two imports of one migration one is
 * refused as a whole, because its name is in the ledger already.
 *
 * @param print gets a line for each migration
 * @returns how many were applied
 * @throws {ScriptError} with D1's words at the first that fails; later ones are not tried
 */
export async function migrateDatabase(
  api: CloudflareApi,
  database: MigratedDatabase,
  print: (line: string) => void,
): Promise<number> {
  const pending = await findPending(api, database);
  for (const migration of pending) {
    await applyMigration(api, database, migration);
    print(`  ${database.binding}: ${migration.name} is applied.`);
  }
  return pending.length;
}

async function applyMigration(
  api: CloudflareApi,
  database: MigratedDatabase,
  { name, sql }: Migration,
): Promise<void> {
  let reason = "";
  try {
    await importSql(api, database.database_id, withLedger(database, { name, sql }));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    // An answer that was lost says nothing of what has happened: the ledger does.
    reason = error.message;
  }
  if ((await readLedger(api, database)).has(name)) return;
  throw new ScriptError(
    `The migration ${name} of ${database.binding} was not applied, and nothing of it remains: ${reason || "D1 reported its end, but the ledger lacks it."}\nThe migrations before it are applied. Run the command again to go on.`,
  );
}

/** The ledger's row is last, so that a migration that was applied meanwhile undoes the import. */
function withLedger({ migrations_table: table }: MigratedDatabase, { name, sql }: Migration) {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL);`,
    sql.trimEnd(),
    `INSERT INTO ${table} (name) VALUES ('${name}');`,
    "",
  ].join("\n");
}

function migrationsOf({ migrations_dir }: MigratedDatabase): Migration[] {
  const kind = migrations_dir.split("/").at(-1);
  return [...readMigrations()]
    .filter(([path]) => path.startsWith(`${kind}/`))
    .map(([path, sql]) => ({ name: path.slice(path.indexOf("/") + 1), sql }));
}

const named = z.object({ name: z.string() });

async function readLedger(
  api: CloudflareApi,
  { database_id, migrations_table: table }: MigratedDatabase,
): Promise<ReadonlySet<string>> {
  const isThere = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '${table}'`;
  const tables = await queryCloud(api, database_id, [isThere], named);
  if (tables.length === 0) return new Set();
  const all = `SELECT name FROM ${table} ORDER BY id`;
  const rows = await queryCloud(api, database_id, [all], named);
  return new Set(rows.map(({ name }) => name));
}
