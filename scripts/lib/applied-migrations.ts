import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readMigrations } from "./migration-files.ts";

/**
 * Finds migrations that a local storage has applied and that have no file: the storage is from
 * before the migrations were rewritten, or from another branch.
 *
 * @param storageDir absolute path of the folder in which wrangler keeps databases; it need not exist
 * @returns their paths below `db/migrations`
 */
export function findUnknownMigrations(storageDir: string): string[] {
  const known = readMigrations();
  return globSync("d1/**/*.sqlite", { cwd: storageDir })
    .flatMap((file) => readApplied(join(storageDir, file)))
    .filter((path) => !known.has(path))
    .sort();
}

/**
 * Whether a local storage lacks migrations, or is not there yet.
 *
 * @param storageDir absolute path of the folder in which wrangler keeps databases; it need not exist
 */
export function hasPendingMigrations(storageDir: string): boolean {
  const applied = new Set(
    globSync("d1/**/*.sqlite", { cwd: storageDir }).flatMap((file) =>
      readApplied(join(storageDir, file)),
    ),
  );
  return [...readMigrations().keys()].some((path) => !applied.has(path));
}

/** The migrations in a database's tables `migrations_<folder>`, which wrangler.toml names. */
function readApplied(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'migrations_*'")
      .all();
    return tables.flatMap(({ name: table }) =>
      database
        .prepare(`SELECT name FROM "${table}"`)
        .all()
        .map(({ name }) => `${String(table).slice("migrations_".length)}/${name}`),
    );
  } finally {
    database.close();
  }
}
