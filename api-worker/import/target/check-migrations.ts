import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ImportFailure } from "../failure.ts";
import type { DatabaseName, Target } from "../model.ts";
import { rootDir } from "../root-dir.ts";

/**
 * Checks that the databases have this version's migrations, all of them and no others.
 *
 * @param command what the operator runs to apply missing ones
 * @throws {ImportFailure} when they differ; it says what to run
 */
export async function checkMigrations(
  target: Pick<Target, "query">,
  command: string,
): Promise<void> {
  for (const database of ["home", "content"] as const) {
    const files = await readdir(join(rootDir, "db/migrations", database));
    const known = new Set(files.filter((name) => name.endsWith(".sql")));
    const applied = new Set(await listApplied(target, database));
    const missing = [...known].filter((name) => !applied.has(name));
    if (missing.length > 0) {
      throw new ImportFailure(
        `The ${database} database lacks ${missing.length} of this version’s migrations, first ${missing[0]}. Apply them with \`${command}\`, then run the import again.`,
      );
    }
    const unknown = [...applied].find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw new ImportFailure(
        `The ${database} database has the migration ${unknown}, which this version does not know. Import with the version of the product that made it.`,
      );
    }
  }
}

async function listApplied(
  target: Pick<Target, "query">,
  database: DatabaseName,
): Promise<readonly string[]> {
  const table = `migrations_${database}`;
  const tables = await target.query(database, {
    sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
    params: [table],
  });
  if (tables.length === 0) return [];
  const rows = await target.query<{ name: string }>(database, {
    sql: `SELECT name FROM ${table}`,
    params: [],
  });
  return rows.map(({ name }) => name);
}
