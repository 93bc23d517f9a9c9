/** Reconciles the rows of uploads with their objects in R2, for the cron. */
import { createHomeDb } from "db";
import { contentDatabases, missingContentShards } from "../../../platform/content.ts";
import type { Logger } from "../../../platform/log.ts";
import { RequestBudget } from "../../../platform/request-budget.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { objectPrefix, uploadIdOfKey } from "../object-keys.ts";
import { expireDrafts, findKnown, giveUpOldPending, listAllDeleting } from "./purge-queries.ts";
import { removeInRounds } from "./purge-uploads.ts";

const atOnce = 100;
/** The requests of the check of objects. */
const checkRequests = 6;
/** No upload takes longer than this. */
const pendingLifeMs = 60 * 60_000;
/** One run checks this many objects. The next run continues after them. */
const objectsPerRun = 500;
const placeKey = "sweep:uploads";

/**
 * Deletes unfinished uploads, uploads marked for deletion, files that were attached but never sent,
 * and objects without a row: as many as a budget allows. Never throws: the next run retries what is
 * left.
 *
 * @param now epoch milliseconds
 * @returns whether all uploads that are marked for deletion are deleted
 */
export async function sweepUploads(
  env: Env,
  log: Logger,
  now: number,
  budget = new RequestBudget(),
): Promise<boolean> {
  const { kept } = settingsOf(env);
  const databases = contentDatabases(env);
  const canCheck = budget.take(checkRequests + databases.length);
  let isDone = canCheck;
  for (const content of databases) {
    try {
      const canDelete = budget.take(2);
      if (canDelete) {
        await expireDrafts(content, now - kept.unsentFileMs, atOnce);
        await giveUpOldPending(content, now - pendingLifeMs, atOnce);
      }
      const list = (limit: number) => listAllDeleting(content, limit);
      const isRemoved = canDelete && (await removeInRounds(env.FILES, content, budget, list));
      isDone &&= isRemoved;
    } catch (error) {
      log.error("uploads.sweep_failed", error);
    }
  }
  try {
    if (canCheck) await removeOrphans(env, log, now - kept.lostFileMs);
  } catch (error) {
    log.error("uploads.object_sweep_failed", error);
  }
  return isDone;
}

/**
 * Deletes objects without a row, left by a restored database or by rows deleted by hand. They are kept
 * for a while, so that such a database can be put right in time.
 */
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
