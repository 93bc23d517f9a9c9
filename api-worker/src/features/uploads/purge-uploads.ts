/** The end of uploads: their bytes go first, their rows last, so that whatever is cut off is found again. */
import type { ContentDb } from "db";
import { contentDatabases } from "../../platform/content.ts";
import type { Logger } from "../../platform/log.ts";
import { deleteObjects, objectKey, objectPrefix, uploadIdOfKey } from "./object-keys.ts";
import {
  deleteRows,
  expireDrafts,
  findKnown,
  listDeleting,
  listUnfinished,
  setAllDeleting,
} from "./purge-queries.ts";

const atOnce = 100;
/** No upload takes longer than this. */
const pendingLifeMs = 60 * 60_000;
/** What was given for a message and not sent is kept for this long. */
export const draftLifeMs = 7 * 24 * 60 * 60_000;
/** One run looks at this many objects; the next goes on behind them. */
const objectsPerRun = 500;
const placeKey = "sweep:uploads";

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
      const ids = await listDeleting(content, userId, atOnce);
      await removeUploads(env.FILES, content, ids, "deleting");
      if (ids.length < atOnce) return;
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

/**
 * Makes rows and objects agree again: what was begun and never came to an end, what is to go, what
 * was given and never sent, and objects that no row knows.
 *
 * @param now epoch ms
 */
export async function sweepUploads(env: Env, log: Logger, now: number): Promise<void> {
  for (const content of contentDatabases(env)) {
    try {
      await expireDrafts(content, now - draftLifeMs, atOnce);
      await removePending(env, content, now - pendingLifeMs);
      const going = await listUnfinished(content, "deleting", now, atOnce);
      await removeUploads(
        env.FILES,
        content,
        going.map(({ id }) => id),
        "deleting",
      );
    } catch (error) {
      log.error("uploads not swept", error);
    }
  }
  try {
    await removeOrphans(env, now - pendingLifeMs);
  } catch (error) {
    log.error("objects not swept", error);
  }
}

async function removeUploads(
  bucket: R2Bucket,
  content: ContentDb,
  ids: readonly string[],
  state: "deleting" | "pending",
): Promise<void> {
  if (ids.length === 0) return;
  await deleteObjects(bucket, ids);
  await deleteRows(content, ids, state);
}

async function removePending(env: Env, content: ContentDb, begunBefore: number): Promise<void> {
  const pending = await listUnfinished(content, "pending", begunBefore, atOnce);
  for (const { id, r2UploadId } of pending) {
    if (r2UploadId === null) continue;
    const upload = env.FILES.resumeMultipartUpload(objectKey(id), r2UploadId);
    // It may have been completed, or dropped by storage itself.
    await upload.abort().catch(() => undefined);
  }
  await removeUploads(
    env.FILES,
    content,
    pending.map(({ id }) => id),
    "pending",
  );
}

/** Objects without a row: of a database that was set back, or of rows that were deleted by hand. */
async function removeOrphans(env: Env, storedBefore: number): Promise<void> {
  const startAfter = (await env.STREAMS.get(placeKey)) ?? undefined;
  const page = await env.FILES.list({
    prefix: objectPrefix,
    limit: objectsPerRun,
    ...(startAfter !== undefined && { startAfter }),
  });
  const old = page.objects.filter(({ uploaded }) => uploaded.getTime() < storedBefore);
  const ids = [...new Set(old.flatMap(({ key }) => uploadIdOfKey(key) ?? []))];
  const known = await Promise.all(contentDatabases(env).map((db) => findKnown(db, ids)));
  const isKnown = new Set(known.flat());
  const orphans = old.filter(({ key }) => !isKnown.has(uploadIdOfKey(key) ?? ""));
  if (orphans.length > 0) await env.FILES.delete(orphans.map(({ key }) => key));
  const last = page.objects.at(-1);
  if (page.truncated && last) await env.STREAMS.put(placeKey, last.key);
  else await env.STREAMS.delete(placeKey);
}
