import { ScriptError } from "../failure.ts";
import { readMigrations } from "../migration-files.ts";
import type { DatabaseDigest } from "./copy-database.ts";
import { compareDatabases, databasePath, listSome, verifyBackup } from "./manifest.ts";
import {
  checkMigrations,
  digestDatabase,
  emptyDatabase,
  endRestore,
  fillDatabase,
  findTargetState,
  hasSchema,
  type TargetState,
} from "./restore-database.ts";
import { emptyBucket, fillBucket, findWrongObjects, isBucketEmpty } from "./restore-objects.ts";
import type { Storage, StoredDatabase } from "./storage.ts";

export interface RestoreOptions {
  /**
   * Asks before what is there is deleted, and throws unless it may be. Left out, nothing is ever
   * deleted.
   */
  readonly confirmReplacing?: (what: string) => Promise<void>;
  readonly print: (line: string) => void;
}

/** A database of a backup, and the one that it is restored to. */
interface Pair {
  readonly expected: DatabaseDigest;
  /** Of the backup's file. */
  readonly path: string;
  readonly database: StoredDatabase;
}

/**
 * Fills a place from a backup, and reads it back to prove that it has what the backup has. Nothing is
 * touched before the backup itself has been compared with its digests.
 *
 * @throws {ScriptError} when the backup is damaged, the place is not empty, or has something else in
 *   the end
 */
export async function restoreBackup(
  storage: Storage,
  folder: string,
  { confirmReplacing, print }: RestoreOptions,
): Promise<void> {
  const { id, databases, objects } = await verifyBackup(folder);
  const known = new Set(readMigrations().keys());
  const pairs = databases.map((expected): Pair => {
    const path = databasePath(folder, expected.name);
    checkMigrations(path, known);
    return { expected, path, database: findDatabase(storage, expected.name) };
  });
  print("The backup is as it was written.");
  const missing = await makeRoom(storage, pairs, id, confirmReplacing);
  for (const { database, path } of missing) await fillDatabase(database, path, id);
  await fillBucket(storage.bucket, folder);
  const wrong: string[] = [];
  for (const { expected, database, path } of pairs) {
    wrong.push(...compareDatabases(expected, await digestDatabase(database, path)));
  }
  const wrongObjects = await findWrongObjects(storage.bucket, folder);
  wrong.push(...wrongObjects.map((key) => `the object ${key}`));
  if (wrong.length > 0) {
    throw new ScriptError(
      `What was restored differs from the backup: ${listSome(wrong)}. Restore it again with --replace.`,
    );
  }
  for (const { database } of missing) await endRestore(database);
  const tables = databases.flatMap((database) => Object.values(database.tables));
  print(
    `Restored and read back: ${tables.length} tables and ${objects.count} objects have the digests of the backup.`,
  );
}

function findDatabase({ databases }: Storage, name: string): StoredDatabase {
  const database = databases.find((one) => one.name === name);
  if (database) return database;
  throw new ScriptError(`The backup has a database ${name}, which wrangler.toml lacks.`);
}

/**
 * Empties what must be empty. A restore of the same backup that was interrupted goes on.
 *
 * @returns the databases to be filled
 */
async function makeRoom(
  { bucket, place }: Storage,
  pairs: readonly Pair[],
  backupId: string,
  confirmReplacing: RestoreOptions["confirmReplacing"],
): Promise<readonly Pair[]> {
  const states = await Promise.all(pairs.map((pair) => findState(pair, backupId)));
  const isBegun = states.some((state) => state === "restoring" || state === "restored");
  // Databases are filled first, so objects may be of the interrupted restore.
  if (isBegun && !states.includes("filled") && !confirmReplacing) {
    return pairs.filter((_, index) => states[index] !== "restored");
  }
  const filled = pairs.filter((_, index) => states[index] !== "empty");
  const isBucketFilled = !(await isBucketEmpty(bucket));
  if (filled.length === 0 && !isBucketFilled) return pairs;
  const names = [
    ...filled.map(({ expected }) => expected.name),
    ...(isBucketFilled ? ["the bucket"] : []),
  ];
  const what = `${place} is not empty: there is data in ${names.join(" and ")}.`;
  if (!confirmReplacing) {
    throw new ScriptError(`${what} Choose an empty place, or delete what is there with --replace.`);
  }
  await confirmReplacing(what);
  for (const { database } of filled) await emptyDatabase(database);
  if (isBucketFilled) await emptyBucket(bucket);
  return pairs;
}

/** @returns `restored` for a database that has what the backup has: its restore has ended */
async function findState(
  { expected, database, path }: Pair,
  backupId: string,
): Promise<TargetState | "restored"> {
  const state = await findTargetState(database, backupId);
  if (state !== "filled" || !(await hasSchema(database, expected.schema))) return state;
  const differences = compareDatabases(expected, await digestDatabase(database, path));
  return differences.length === 0 ? "restored" : state;
}
