/** The end of uploads: their bytes go first, their rows last, so that whatever is cut off is found again. */
import type { ContentDb } from "db";
import type { Logger } from "../../../platform/log.ts";
import { deleteObjects, objectKey } from "../object-keys.ts";
import { deleteRows, type GoneUpload, listDeleting, setAllDeleting } from "./purge-queries.ts";

const atOnce = 100;

interface Place {
  readonly env: Pick<Env, "FILES">;
  readonly content: ContentDb;
  readonly log: Logger;
}

/**
 * Removes those of someone's uploads that are to go. Never throws: what is left is for the sweep.
 */
export async function purgeUploads({ env, content, log }: Place, userId: string): Promise<void> {
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

/** Removes all of someone's uploads. */
export async function purgeAllUploads(place: Place, userId: string): Promise<void> {
  await setAllDeleting(place.content, userId);
  await purgeUploads(place, userId);
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
