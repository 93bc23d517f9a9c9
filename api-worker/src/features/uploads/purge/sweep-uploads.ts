/** Reconciles the rows of uploads with their objects in R2, for the cron. */
import { type ContentDb, createHomeDb } from "db";
import { contentDatabases, missingContentShards } from "../../../platform/content.ts";
import type { Logger } from "../../../platform/log.ts";
import { objectPrefix, uploadIdOfKey } from "../object-keys.ts";
import { expireDrafts, findKnown, giveUpOldPending, listAllDeleting } from "./purge-queries.ts";
import { removeUploads } from "./purge-uploads.ts";

const atOnce = 100;
/** One run deletes up to this many times `atOnce`. The next run continues. */
const roundsPerRun = 10;
/** No upload takes longer than this. */
const pendingLifeMs = 60 * 60_000;
/** A file that was attached but not sent is kept for this long. */
export const draftLifeMs = 7 * 24 * 60 * 60_000;
/**
 * An object without a row is kept for this long, so that a restored or unreachable database can be
 * put right in time.
 */
const orphanLifeMs = 7 * 24 * 60 * 60_000;
/** One run checks this many objects. The next run continues after them. */
const objectsPerRun = 500;
const placeKey = "sweep:uploads";

/**
 * Deletes unfinished uploads, uploads marked for deletion, files that were attached but never sent,
 * and objects without a row. Never throws: the next run retries what is left.
 *
 * @param now epoch milliseconds
 */
export async function sweepUploads(env: Env, log: Logger, now: number): Promise<void> {
  for (const content of contentDatabases(env)) {
    try {
      await expireDrafts(content, now - draftLifeMs, atOnce);
      await giveUpOldPending(content, now - pendingLifeMs, atOnce);
      await removeDeleting(env.FILES, content);
    } catch (error) {
      log.error("uploads.sweep_failed", error);
    }
  }
  try {
    await removeOrphans(env, log, now - orphanLifeMs);
  } catch (error) {
    log.error("uploads.object_sweep_failed", error);
  }
}

async function removeDeleting(bucket: R2Bucket, content: ContentDb): Promise<void> {
  for (let round = 0; round < roundsPerRun; round += 1) {
    const uploads = await listAllDeleting(content, atOnce);
    await removeUploads(bucket, content, uploads);
    if (uploads.length < atOnce) return;
  }
}

/** Deletes objects without a row, left by a restored database or by rows deleted by hand. */
async function removeOrphans(env: Env, log: Logger, storedBefore: number): Promise<void> {
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
  if (orphans.length > 0) {
    const missing = await missingContentShards(env, createHomeDb(env.HOME));
    if (missing.length > 0) {
      // Their rows may be in a database that this worker has no binding for.
      const error = new Error(`No binding for CONTENT_${missing.join(", CONTENT_")}.`);
      log.error("uploads.object_sweep_failed", error, { orphans: orphans.length });
    } else {
      await env.FILES.delete(orphans.map(({ key }) => key));
    }
  }
  const last = page.objects.at(-1);
  if (page.truncated && last) await env.STREAMS.put(placeKey, last.key);
  else await env.STREAMS.delete(placeKey);
}
