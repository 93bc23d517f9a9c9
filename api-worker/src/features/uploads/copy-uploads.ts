import type { ContentDb } from "db";
import type { OwnerContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Owner } from "../../owner-context.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { jobObject } from "../../platform/job-object.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import type { StorageLimits } from "../limits/storage.ts";
import { findUploadById, type ServedUpload } from "./find-upload.ts";
import { objectKey, thumbnailKey } from "./object-keys.ts";
import { removeUploads } from "./purge/purge-uploads.ts";
import { giveUpPending, insertPending, reuseUpload, setReady } from "./queries.ts";

/** The owner of the copied uploads, and the database that holds them. */
interface Source {
  readonly content: ContentDb;
  readonly userId: string;
}

/** The most uploads copied for one chat. */
const copiesMax = 100;
/** The requests that a copy takes at most. */
const requestsPerCopy = 10;

/**
 * Copies uploads of one user to another, so that a copied chat keeps its files when the
 * original is deleted. The caller has checked that the new owner may read them. Each call of an
 * object copies some.
 *
 * @param storage the limits of the new owner, without what the copies must not take
 * @returns the ids of the copies by the ids of the originals. Missing: deleted uploads, uploads
 *   that exceed the new owner's storage, and those after the first {@link copiesMax}
 * @throws what D1 and R2 throw
 */
export async function copyUploads(
  { env, userId, contentShard }: OwnerContext,
  source: Owner,
  ids: readonly string[],
  storage: StorageLimits,
): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>();
  let left = [...new Set(ids)].slice(0, copiesMax);
  while (left.length > 0) {
    const job = jobObject(env, `${userId}/copy`);
    const done = await job.copyUploads({ userId, contentShard }, source, left, storage);
    for (const { id, copyId } of done) if (copyId !== null) copies.set(id, copyId);
    left = left.slice(Math.max(1, done.length));
  }
  return copies;
}

/** An upload that was asked for, and its copy; null when it was not copied. */
export interface CopiedUpload {
  readonly id: string;
  readonly copyId: string | null;
}

/**
 * Copies uploads, one after the other, until a budget is spent.
 *
 * @param source the owner of the originals
 * @returns what became of the first ones: at least of one
 * @throws what D1 and R2 throw
 */
export async function copySomeUploads(
  owner: OwnerContext,
  source: Source,
  { ids, storage }: { readonly ids: readonly string[]; readonly storage: StorageLimits },
  budget: RequestBudget,
): Promise<CopiedUpload[]> {
  const done: CopiedUpload[] = [];
  for (const id of ids) {
    if (!budget.take(requestsPerCopy) && done.length > 0) break;
    const upload = await findUploadById(source.content, id);
    const isThere = upload !== undefined && upload.userId === source.userId;
    done.push({ id, copyId: isThere ? await copyUpload(owner, upload, storage) : null });
  }
  return done;
}

async function copyUpload(
  { content, env, userId }: OwnerContext,
  upload: ServedUpload,
  storage: StorageLimits,
): Promise<string | null> {
  const { sha256, mediaType } = upload;
  if (sha256 === null || mediaType === null) return null;
  const now = systemClock();
  const reuse = () => reuseUpload(content, userId, sha256, null, now);
  const known = await reuse();
  if (known) return known.id;
  const key = { userId, id: newId() };
  await insertPending(content, { ...key, chatId: null, name: upload.name, createdAt: now });
  const isThere = await copyObject(env.FILES, objectKey(upload.id), objectKey(key.id));
  const hasThumbnail =
    isThere &&
    upload.thumbnailBytes !== null &&
    (await copyObject(env.FILES, thumbnailKey(upload.id), thumbnailKey(key.id)));
  const { name, bytes, width, height, thumbnailBytes, thumbnailType } = upload;
  const thumbnail = hasThumbnail
    ? { thumbnailBytes, thumbnailType }
    : { thumbnailBytes: null, thumbnailType: null };
  const facts = { name, mediaType, bytes, sha256, width, height, ...thumbnail };
  const ready = isThere ? await setReadyIfFits(content, key, facts, storage) : undefined;
  if (ready) return ready.id;
  await giveUpPending(content, key);
  await removeUploads(env.FILES, content, [{ id: key.id, r2UploadId: null }]);
  return (await reuse())?.id ?? null;
}

/** @returns undefined also when the copy does not fit */
async function setReadyIfFits(...copy: Parameters<typeof setReady>) {
  try {
    return await setReady(...copy);
  } catch (error) {
    if (error instanceof AppError && error.code === "TOO_LARGE") return undefined;
    throw error;
  }
}

/** @returns false when the object does not exist */
async function copyObject(bucket: R2Bucket, from: string, to: string): Promise<boolean> {
  const object = await bucket.get(from);
  if (!object) return false;
  await bucket.put(to, object.body);
  return true;
}
