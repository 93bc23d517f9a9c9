/** The end of uploads: their bytes go first, their rows last, so that whatever is cut off is found again. */
import type { ContentDb } from "db";
import type { OwnerContext } from "../../../context.ts";
import { deleteObjects, objectKey } from "../object-keys.ts";
import { deleteRows, type GoneUpload, listDeleting, setAllDeleting } from "./purge-queries.ts";

const atOnce = 100;

/**
 * Removes those of an owner's uploads that are to go. Never throws: what is left is for the sweep.
 */
export async function purgeUploads({ env, content, log, userId }: OwnerContext): Promise<void> {
  try {
    for (;;) {
      const uploads = await listDeleting(content, userId, atOnce);
      await removeUploads(env.FILES, content, uploads);
      if (uploads.length < atOnce) return;
    }
  } catch (error) {
    log.error("uploads not purged", error, { userId });
  }
}

/** Removes all of an owner's uploads. */
export async function purgeAllUploads(owner: OwnerContext): Promise<void> {
  await setAllDeleting(owner.content, owner.userId);
  await purgeUploads(owner);
}

/** Removes uploads that are to go: what storage has of them, then their rows. */
export async function removeUploads(
  bucket: R2Bucket,
  content: ContentDb,
  uploads: readonly GoneUpload[],
): Promise<void> {
  if (uploads.length === 0) return;
  for (const { id, r2UploadId } of uploads) {
    if (r2UploadId === null) continue;
    const parts = bucket.resumeMultipartUpload(objectKey(id), r2UploadId);
    // They may have been put together, or dropped by storage itself.
    await parts.abort().catch(() => undefined);
  }
  const ids = uploads.map(({ id }) => id);
  await deleteObjects(bucket, ids);
  await deleteRows(content, ids);
}
