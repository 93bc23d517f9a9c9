import { copyDatabase, digestFile } from "./copy-database.ts";
import { beginFolder, databasePath, endFolder, type Manifest } from "./manifest.ts";
import { copyObjects, digestObjects } from "./object-files.ts";
import type { Storage } from "./storage.ts";

/**
 * Copies the databases and the bucket of a place into a folder, or what is missing of them there.
 * Databases come first: a file whose row is in the backup is in it too, unless it was deleted meanwhile.
 *
 * @param folder a new one, or one in which this was interrupted
 * @throws {ScriptError} when the folder holds something else, or the place cannot be read
 */
export async function createBackup(
  storage: Storage,
  folder: string,
  print: (line: string) => void,
): Promise<Manifest> {
  const begun = beginFolder(folder, storage.place);
  const databases: Manifest["databases"] = [];
  for (const database of storage.databases) {
    const path = databasePath(folder, database.name);
    const leftOut = await copyDatabase(database, path);
    const digest = digestFile(path, database.name);
    databases.push({ ...digest, leftOut });
    const rows = Object.values(digest.tables).reduce((sum, table) => sum + table.rows, 0);
    print(`${database.name}: ${rows} rows in ${Object.keys(digest.tables).length} tables.`);
    if (leftOut > 0) {
      print(
        `  ${leftOut} rows were left out: they, or what they refer to, were changed meanwhile.`,
      );
    }
  }
  await copyObjects(storage.bucket, folder);
  const objects = digestObjects(folder);
  print(`Files: ${objects.count} objects, ${objects.bytes} bytes.`);
  const content: Manifest = { ...begun, endedAt: new Date().toISOString(), databases, objects };
  endFolder(folder, content);
  return content;
}
