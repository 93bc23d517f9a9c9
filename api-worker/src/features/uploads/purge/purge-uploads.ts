/**
 * Deletes uploads. The bytes go first and the rows last, so that an interrupted deletion is found
 * again.
 */
import type { ContentDb } from "db";
import type { OwnerContext } from "../../../context.ts";
import { deleteObjects, objectKey } from "../object-keys.ts";
import { deleteRows, type GoneUpload, listDeleting, setAllDeleting } from "./purge-queries.ts";

const atOnce = 100;

/**
 * Deletes an owner's uploads that are marked for deletion. Never throws: the cron deletes what is
 * left.
 */
export async function purgeUploads({ env, content, log, userId }: OwnerContext): Promise<void> {
  try {
    for (;;) {
      const uploads = await listDeleting(content, userId, atOnce);
      await removeUploads(env.FILES, content, uploads);
      if (uploads.length < atOnce) return;
    }
  } catch (error) {
    log.error("uploads.purge_failed", error, { userId });
  }
}

/** Deletes all of an owner's uploads. */
export async function purgeAllUploads(owner: OwnerContext): Promise<void> {
  await setAllDeleting(owner.content, owner.userId);
  await purgeUploads(owner);
}

/** Deletes uploads: their objects in R2, then their rows. */
export async function removeUploads(
  bucket: R2Bucket,
  content: ContentDb,
  uploads: readonly GoneUpload[],
): Promise<void> {
  if (uploads.length === 0) return;
  for (const { id, r2UploadId } of uploads) {
    if (r2UploadId === null) continue;
    const parts = bucket.resumeMultipartUpload(objectKey(id), r2UploadId);
    // The parts may have been completed already, or dropped by R2.
    await parts.abort().catch(() => undefined);
  }
  const ids = uploads.map(({ id }) => id);
  await deleteObjects(bucket, ids);
  await deleteRows(content, ids);
}
