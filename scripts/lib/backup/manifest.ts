import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ScriptError } from "../failure.ts";
import { type DatabaseDigest, digestFile } from "./copy-database.ts";
import { digestObjects, findDamagedObjects } from "./object-files.ts";

/**
 * What a folder with a backup says about itself: `begun.json` from its beginning on, and `backup.json`,
 * which is written last and has the digests of everything.
 */

const begun = z.object({
  format: z.literal(1),
  id: z.string(),
  /** Where it comes from. */
  place: z.string(),
  begunAt: z.string(),
});
export type Begun = z.infer<typeof begun>;

const digest = z.object({ rows: z.number(), sha256: z.string() });
const manifest = begun.extend({
  endedAt: z.string(),
  databases: z.array(
    z.object({
      name: z.string(),
      schema: z.string(),
      tables: z.record(z.string(), digest),
      /** Rows without what they refer to, and earlier versions of rows: they changed meanwhile. */
      leftOut: z.number(),
    }),
  ),
  objects: z.object({ count: z.number(), bytes: z.number(), sha256: z.string() }),
});
export type Manifest = z.infer<typeof manifest>;

/** The file that says which backup a folder, or a copy of it, has. */
export const begunName = "begun.json";
const begunPath = (folder: string) => join(folder, begunName);
const manifestPath = (folder: string) => join(folder, "backup.json");

/** The file of a database in a backup. */
export const databasePath = (folder: string, name: string): string =>
  join(folder, `${name}.sqlite`);

/**
 * Begins a backup in a folder, or finds the one that was begun there.
 *
 * @throws {ScriptError} when the folder has a whole backup, one from another place, or something else
 */
export function beginFolder(folder: string, place: string): Begun {
  if (existsSync(manifestPath(folder))) {
    throw new ScriptError(`${folder} has a whole backup already. Name a new folder.`);
  }
  const known = readBegun(folder);
  if (known) {
    if (known.place === place) return known;
    throw new ScriptError(
      `${folder} has the beginning of a backup of ${known.place}. Name a new folder for one of ${place}.`,
    );
  }
  makeFolder(folder);
  const now = new Date().toISOString();
  const fresh: Begun = { format: 1, id: crypto.randomUUID(), place, begunAt: now };
  writeJson(begunPath(folder), fresh);
  return fresh;
}

/** Makes the folder of a backup, which only its owner may read: it has the chats of all users. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** Reads what backup a folder has, whole or begun. @returns undefined when it has none */
export function readBegun(folder: string): Begun | undefined {
  return existsSync(begunPath(folder)) ? readJson(begunPath(folder), begun) : undefined;
}

/** Reads the same from the bytes of its file. */
export function parseBegun(bytes: Uint8Array): Begun {
  return begun.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** Whether a folder has a whole backup of a place. */
export function hasWholeBackup(folder: string, place: string): boolean {
  return existsSync(manifestPath(folder)) && readManifest(folder).place === place;
}

/** Writes the end of a backup, with its digests. */
export function endFolder(folder: string, content: Manifest): void {
  writeJson(manifestPath(folder), content);
}

/** @throws {ScriptError} when there is no whole backup */
export function readManifest(folder: string): Manifest {
  if (!existsSync(manifestPath(folder))) {
    throw new ScriptError(`${folder} has no whole backup: its backup.json is missing.`);
  }
  return readJson(manifestPath(folder), manifest);
}

function readJson<Value>(path: string, schema: z.ZodType<Value>): Value {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new ScriptError(`${path} is damaged, or of a newer version of this program.`);
  }
}

/** A file with the name is whole, also after a kill. */
function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
  renameSync(`${path}.part`, path);
}

/**
 * Reads a whole backup and compares it with its digests.
 *
 * @throws {ScriptError} naming the tables and objects that are damaged
 */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const content = readManifest(folder);
  const damage = content.databases.flatMap((database) =>
    compareDatabases(database, digestFile(databasePath(folder, database.name), database.name)),
  );
  if (digestObjects(folder).sha256 !== content.objects.sha256) damage.push("the list of objects");
  damage.push(...(await findDamagedObjects(folder)).map((key) => `the object ${key}`));
  if (damage.length === 0) return content;
  throw new ScriptError(`The backup in ${folder} is damaged: ${listSome(damage)}.`);
}

/** Names what differs between two databases. */
export function compareDatabases(expected: DatabaseDigest, found: DatabaseDigest): string[] {
  const { name } = expected;
  const tables = Object.entries(expected.tables).filter(([table, { rows, sha256 }]) => {
    const other = found.tables[table];
    return other?.rows !== rows || other.sha256 !== sha256;
  });
  return [
    ...(expected.schema === found.schema ? [] : [`the schema of ${name}`]),
    ...tables.map(([table]) => `the table ${table} of ${name}`),
  ];
}

/** Joins names for a sentence: the first ten of them. */
export function listSome(names: readonly string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `${names.slice(0, 10).join(", ")}${more}`;
}
