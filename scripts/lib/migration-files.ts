import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { fromRoot } from "./paths.ts";

/** The text of every migration, by its path below `db/migrations`. */
export function readMigrations(): Map<string, string> {
  const folder = fromRoot("db/migrations");
  const paths = globSync("*/*.sql", { cwd: folder }).sort();
  return new Map(paths.map((path) => [path, readFileSync(`${folder}/${path}`, "utf8")]));
}

/** Runs every migration on an empty database of SQLite, without noting them in a ledger. */
export function runMigrations(sqlite: DatabaseSync): void {
  const migrations = [...readMigrations()];
  for (const folder of ["home/", "content/"]) {
    for (const [path, sql] of migrations) if (path.startsWith(folder)) sqlite.exec(sql);
  }
}

/** Why a file of `db/migrations/SHA256SUMS` must stay as it is; the end of every sentence about one. */
const reason =
  "Migrations are frozen: a database that has applied one never runs it again, so a change would reach new databases only. Write a new migration.";

/**
 * Compares migrations with the list of those that may have been applied.
 *
 * @param migrations their texts, by path
 * @param sums the list, in the format of `sha256sum`: a SHA-256 and a path on each line
 * @returns a sentence for each migration that was changed, is missing, or is not in the list
 */
export function findChangedMigrations(
  migrations: ReadonlyMap<string, string>,
  sums: string,
): string[] {
  const frozen = new Map(
    sums
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const faults: string[] = [];
  for (const [path, sum] of frozen) {
    const text = migrations.get(path);
    if (text === undefined) faults.push(`${path} is missing. ${reason}`);
    else if (sha256(text) !== sum) faults.push(`${path} was changed. ${reason}`);
  }
  for (const [path, text] of migrations) {
    if (frozen.has(path)) continue;
    faults.push(`${path} is new: add the line "${sha256(text)}  ${path}" to SHA256SUMS.`);
  }
  return faults;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
