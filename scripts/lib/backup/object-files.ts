import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hashBytes, hashFile } from "../r2.ts";
import {
  type Bucket,
  type ListedObject,
  listLasting,
  metadataText,
  type ObjectMetadata,
  parseMetadata,
} from "./storage.ts";

/**
 * The objects of a backup: a file for each content, which is named by its SHA-256, and a database that
 * lists them.
 */

/** An object of a backup. */
export interface SavedObject extends ObjectMetadata {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

export interface ObjectsDigest {
  readonly count: number;
  readonly bytes: number;
  /** The SHA-256 of the list, which has that of each object. */
  readonly sha256: string;
}

/** Objects that are copied at the same time. Each is at most 90 MB and in memory as a whole. */
const atOnce = 4;

const listPath = (folder: string) => join(folder, "objects.sqlite");

/** Where the bytes of an object are. */
export function contentPath(folder: string, sha256: string): string {
  return join(folder, "objects", sha256.slice(0, 2), sha256);
}

function openList(folder: string): DatabaseSync {
  const list = new DatabaseSync(listPath(folder));
  list.exec(`CREATE TABLE IF NOT EXISTS objects (
    key TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
    http TEXT NOT NULL, custom TEXT NOT NULL
  ) STRICT`);
  return list;
}

/** Copies the objects of a bucket, or those that are missing or have changed. */
export async function copyObjects(bucket: Bucket, folder: string): Promise<void> {
  const list = openList(folder);
  try {
    const find = list.prepare("SELECT etag, size, sha256 FROM objects WHERE key = ?");
    const note = list.prepare("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)");
    await inParallel(listLasting(bucket), atOnce, async (object) => {
      const known = find.get(object.key);
      const isThere =
        known?.etag === object.etag && existsSync(contentPath(folder, String(known.sha256)));
      const content = isThere
        ? { size: Number(known.size), sha256: String(known.sha256) }
        : await copyObject(bucket, object, folder);
      // Deleted since it was listed.
      if (content === null) return;
      const { key, etag, http, custom } = object;
      // The object may have been replaced since it was listed, by one of another size.
      note.run(key, etag, content.size, content.sha256, metadataText(http), metadataText(custom));
    });
  } finally {
    list.close();
  }
}

/** @returns the size and the SHA-256 of its bytes; null when it is gone */
async function copyObject(
  bucket: Bucket,
  { key }: ListedObject,
  folder: string,
): Promise<Pick<SavedObject, "size" | "sha256"> | null> {
  const bytes = await bucket.get(key);
  if (!bytes) return null;
  const sha256 = hashBytes(bytes);
  const path = contentPath(folder, sha256);
  mkdirSync(dirname(path), { recursive: true });
  // A file with its name is whole, also after a kill.
  const part = `${path}.${hashBytes(Buffer.from(key)).slice(0, 16)}.part`;
  writeFileSync(part, bytes, { flush: true });
  renameSync(part, path);
  return { size: bytes.length, sha256 };
}

/** Yields the objects of a backup, in the order of their keys' bytes. */
export function* readObjects(folder: string): Generator<SavedObject> {
  const list = openList(folder);
  try {
    const select = "SELECT key, size, sha256, http, custom FROM objects ORDER BY key";
    for (const row of list.prepare(select).iterate()) {
      yield {
        key: String(row.key),
        size: Number(row.size),
        sha256: String(row.sha256),
        http: parseMetadata(String(row.http)),
        custom: parseMetadata(String(row.custom)),
      };
    }
  } finally {
    list.close();
  }
}

export function readContent(folder: string, { sha256 }: SavedObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(contentPath(folder, sha256)));
}

/** Computes the digest of the list of objects. */
export function digestObjects(folder: string): ObjectsDigest {
  const hash = createHash("sha256");
  let [count, bytes] = [0, 0];
  for (const object of readObjects(folder)) {
    hash.update(`${objectLine(object)}\n`);
    count += 1;
    bytes += object.size;
  }
  return { count, bytes, sha256: hash.digest("hex") };
}

export function objectLine({ key, size, sha256, http, custom }: SavedObject): string {
  return JSON.stringify([key, size, sha256, metadataText(http), metadataText(custom)]);
}

/** Finds objects whose files are missing or have changed. @returns their keys */
export async function findDamagedObjects(folder: string): Promise<string[]> {
  const damaged: string[] = [];
  await inParallel(readObjects(folder), atOnce, async ({ key, sha256 }) => {
    const path = contentPath(folder, sha256);
    if (!existsSync(path) || (await hashFile(path)) !== sha256) damaged.push(key);
  });
  return damaged;
}

/**
 * Does something with each item, with a few of them at the same time.
 *
 * @throws what `act` throws first, after those that have begun have ended
 */
export async function inParallel<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    if (running.size >= most) await Promise.race(running);
    if (failures.length > 0) break;
    const done: Promise<void> = act(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(done));
    running.add(done);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
