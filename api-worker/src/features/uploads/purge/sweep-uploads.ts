/** Makes rows and objects of uploads agree again, whatever was cut off. */
import { type ContentDb, createHomeDb } from "db";
import { contentDatabases, missingContentShards } from "../../../platform/content.ts";
import type { Logger } from "../../../platform/log.ts";
import { objectPrefix, uploadIdOfKey } from "../object-keys.ts";
import { expireDrafts, findKnown, giveUpOldPending, listAllDeleting } from "./purge-queries.ts";
import { removeUploads } from "./purge-uploads.ts";

const atOnce = 100;
/** One run takes so many times `atOnce` away; the next goes on. */
const roundsPerRun = 10;
/** No upload takes longer than this. */
const pendingLifeMs = 60 * 60_000;
/** What was given for a message and not sent is kept for this long. */
export const draftLifeMs = 7 * 24 * 60 * 60_000;
/**
 * An object that no row knows is kept for this long: a database that was set back, or is out of
 * reach for the worker, can be put right until then.
 */
export const orphanLifeMs = 7 * 24 * 60 * 60_000;
/** One run looks at this many objects; the next goes on behind them. */
const objectsPerRun = 500;
const placeKey = "sweep:uploads";

/**
 * Removes what was begun and never came to an end, what is to go, what was given and never sent, and
 * objects that no row knows. Never throws: what is left is for the next run.
 *
 * @param now epoch ms
 */
export async function sweepUploads(env: Env, log: Logger, now: number): Promise<void> {
  for (const content of contentDatabases(env)) {
    try {
      await expireDrafts(content, now - draftLifeMs, atOnce);
      await giveUpOldPending(content, now - pendingLifeMs, atOnce);
      await removeDeleting(env.FILES, content);
    } catch (error) {
      log.error("uploads not swept", error);
    }
  }
  try {
    await removeOrphans(env, log, now - orphanLifeMs);
  } catch (error) {
    log.error("objects not swept", error);
  }
}

async function removeDeleting(bucket: R2Bucket, content: ContentDb): Promise<void> {
  for (let round = 0; round < roundsPerRun; round += 1) {
    const uploads = await listAllDeleting(content, atOnce);
    await removeUploads(bucket, content, uploads);
    if (uploads.length < atOnce) return;
  }
}

/** Objects without a row: of a database that was set back, or of rows that were deleted by hand. */
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
      // Their rows may be in a database that this worker cannot see.
      const error = new Error(`No binding for CONTENT_${missing.join(", CONTENT_")}.`);
      log.error("objects not swept", error, { orphans: orphans.length });
    } else {
      await env.FILES.delete(orphans.map(({ key }) => key));
    }
  }
  const last = page.objects.at(-1);
  if (page.truncated && last) await env.STREAMS.put(placeKey, last.key);
  else await env.STREAMS.delete(placeKey);
}
