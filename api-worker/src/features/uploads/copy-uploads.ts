import type { ContentDb } from "db";
import type { UserContext } from "../../context.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { findUploadById, type ServedUpload } from "./find-upload.ts";
import { objectKey, thumbnailKey } from "./object-keys.ts";
import { removeUploads } from "./purge/purge-uploads.ts";
import { giveUpPending, insertPending, reuseUpload, setReady } from "./queries.ts";
import { uploadLimitsOf } from "./settings.ts";

/** Whose uploads are copied, and where they are. */
interface Source {
  readonly content: ContentDb;
  readonly userId: string;
}

/** More than this are not copied at once: each takes several requests, of which a worker has some. */
const copiesMax = 100;

/**
 * Copies uploads of somebody else into the viewer's own, so that a copy of a chat keeps its files
 * when the original is gone. Whoever calls this has made sure that the viewer may read them.
 *
 * @returns the copies' ids by those of the originals; without what is gone, has no room, or comes
 *   after the first {@link copiesMax}
 * @throws what D1 and R2 throw
 */
export async function copyUploads(
  ctx: UserContext,
  source: Source,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>();
  for (const id of [...new Set(ids)].slice(0, copiesMax)) {
    const upload = await findUploadById(source.content, id);
    if (!upload || upload.userId !== source.userId) continue;
    const copyId = await copyUpload(ctx, upload);
    if (copyId) copies.set(id, copyId);
  }
  return copies;
}

async function copyUpload(ctx: UserContext, upload: ServedUpload): Promise<string | null> {
  const { content, env, viewer } = ctx;
  const { sha256, mediaType } = upload;
  if (sha256 === null || mediaType === null) return null;
  const now = systemClock();
  const reuse = () => reuseUpload(content, viewer.userId, sha256, null, now);
  const known = await reuse();
  if (known) return known.id;
  const key = { userId: viewer.userId, id: newId() };
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
  const { storageMaxBytes } = uploadLimitsOf(env, viewer);
  const ready = isThere ? await setReady(content, key, facts, storageMaxBytes) : undefined;
  if (ready) return ready.id;
  await giveUpPending(content, key);
  await removeUploads(env.FILES, content, [{ id: key.id, r2UploadId: null }]);
  return (await reuse())?.id ?? null;
}

/** @returns false when there is no such object */
async function copyObject(bucket: R2Bucket, from: string, to: string): Promise<boolean> {
  const object = await bucket.get(from);
  if (!object) return false;
  await bucket.put(to, object.body);
  return true;
}
