import { hashBytes } from "../r2.ts";
import {
  inParallel,
  objectLine,
  readContent,
  readObjects,
  type SavedObject,
} from "./object-files.ts";
import { type Bucket, type ListedObject, listLasting, metadataText } from "./storage.ts";

/** Objects that travel at the same time, each in memory as a whole. */
const atOnce = 4;

export async function isBucketEmpty(bucket: Bucket): Promise<boolean> {
  for await (const _ of listLasting(bucket)) return false;
  return true;
}

/** Deletes all objects but the logs that the worker keeps for a day. */
export async function emptyBucket(bucket: Bucket): Promise<void> {
  await inParallel(listLasting(bucket), atOnce, ({ key }) => bucket.delete(key));
}

/** Writes the objects of a backup, or those that are missing. */
export async function fillBucket(bucket: Bucket, folder: string): Promise<void> {
  await inParallel(pairs(bucket, folder), atOnce, async ({ saved, listed }) => {
    if (!saved || (listed && looksLike(saved, listed))) return;
    await bucket.put(saved.key, readContent(folder, saved), saved);
  });
}

/**
 * Reads every object back and compares it with the backup.
 *
 * @returns the keys of those that differ, are missing or are too many
 */
export async function findWrongObjects(bucket: Bucket, folder: string): Promise<string[]> {
  const wrong: string[] = [];
  await inParallel(pairs(bucket, folder), atOnce, async ({ saved, listed }) => {
    if (saved && listed && (await isSame(bucket, saved, listed))) return;
    wrong.push(saved?.key ?? listed?.key ?? "");
  });
  return wrong;
}

async function isSame(bucket: Bucket, saved: SavedObject, listed: ListedObject): Promise<boolean> {
  const bytes = await bucket.get(saved.key);
  if (!bytes) return false;
  const { key, http, custom } = listed;
  const found = { key, size: bytes.length, sha256: hashBytes(bytes), http, custom };
  return objectLine(found) === objectLine(saved);
}

function looksLike(saved: SavedObject, listed: ListedObject): boolean {
  return (
    saved.size === listed.size &&
    metadataText(saved.http) === metadataText(listed.http) &&
    metadataText(saved.custom) === metadataText(listed.custom)
  );
}

interface Pair {
  readonly saved?: SavedObject;
  readonly listed?: ListedObject;
}

/** Walks along the lists of a backup and of a bucket, both in the order of the keys' bytes. */
async function* pairs(bucket: Bucket, folder: string): AsyncGenerator<Pair> {
  const listing = listLasting(bucket);
  let listed = (await listing.next()).value ?? undefined;
  for (const saved of readObjects(folder)) {
    while (listed && compareKeys(listed.key, saved.key) < 0) {
      yield { listed };
      listed = (await listing.next()).value ?? undefined;
    }
    const isPair = listed?.key === saved.key;
    yield isPair && listed ? { saved, listed } : { saved };
    if (isPair) listed = (await listing.next()).value ?? undefined;
  }
  while (listed) {
    yield { listed };
    listed = (await listing.next()).value ?? undefined;
  }
}

const compareKeys = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));
