/** Local storages for tests of the scripts. */
import { cpSync, globSync } from "node:fs";
import { join } from "node:path";
import { givenPreparation } from "./prepare.ts";
import { migrateLocally, storageDir } from "./wrangler.ts";

/**
 * Makes a storage with empty tables: a copy of the whole run's, or a new one.
 *
 * @param stateDir absolute path of a folder that is not there yet
 */
export async function makeEmptyStorage(stateDir: string): Promise<void> {
  const given = givenPreparation();
  if (given) cpSync(given.emptyStorage, stateDir, { recursive: true });
  else await migrateLocally(stateDir);
}

/**
 * @param stateDir absolute path of a local storage
 * @returns the absolute paths of its databases' files
 */
export function databaseFiles(stateDir: string): string[] {
  return globSync(join(storageDir(stateDir), "d1/*/*.sqlite")).filter(
    (file) => !file.endsWith("metadata.sqlite"),
  );
}
