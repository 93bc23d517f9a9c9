/**
 * Deletes uploads. The bytes go first and the rows last, so that an interrupted deletion is found
 * again.
 */
import type { ContentDb } from "db";
import type { OwnerContext } from "../../../context.ts";
import { RequestBudget } from "../../../platform/request-budget.ts";
import { deleteObjects, objectKey } from "../object-keys.ts";
import { deleteRows, type GoneUpload, listDeleting, setAllDeleting } from "./purge-queries.ts";

/** Uploads of one round, whose objects R2 deletes in one call. */
const atOnce = 100;
/** Of these, uploads that were cut off. Each has parts that take a call of their own. */
const cutOffAtOnce = 5;
/** The requests of a round: the list, R2, the rows, and those that were cut off. */
const requestsPerRound = 3 + cutOffAtOnce;
/** What one request of a user deletes. */
const roundsPerRequest = 2;

/**
 * Deletes an owner's uploads that are marked for deletion; of very many, only the first. Never
 * throws: the cron deletes what is left.
 */
export async function purgeUploads(owner: OwnerContext): Promise<void> {
  try {
    await purgeSomeUploads(owner, new RequestBudget(roundsPerRequest * requestsPerRound));
  } catch (error) {
    owner.log.error("uploads.purge_failed", error, { userId: owner.userId });
  }
}

/**
 * Deletes as many of an owner's uploads as a budget allows, whatever they are used for.
 *
 * @returns whether none is left
 * @throws what D1 and R2 throw
 */
export async function purgeAllUploads(
  owner: OwnerContext,
  budget: RequestBudget,
): Promise<boolean> {
  if (!budget.take(1)) return false;
  await setAllDeleting(owner.content, owner.userId);
  return purgeSomeUploads(owner, budget);
}

function purgeSomeUploads(
  { env, content, userId }: OwnerContext,
  budget: RequestBudget,
): Promise<boolean> {
  return removeInRounds(env.FILES, content, budget, (limit) =>
    listDeleting(content, userId, limit),
  );
}

/**
 * Deletes uploads, round after round, until none is listed or a budget is spent.
 *
 * @param list the next uploads that are marked for deletion
 * @returns whether none is left
 * @throws what D1 and R2 throw
 */
export async function removeInRounds(
  bucket: R2Bucket,
  content: ContentDb,
  budget: RequestBudget,
  list: (limit: number) => Promise<GoneUpload[]>,
): Promise<boolean> {
  while (budget.take(requestsPerRound)) {
    const uploads = await list(atOnce);
    const cutOff = uploads.filter(({ r2UploadId }) => r2UploadId !== null);
    const later = new Set(cutOff.slice(cutOffAtOnce));
    await removeUploads(
      bucket,
      content,
      uploads.filter((upload) => !later.has(upload)),
    );
    if (uploads.length < atOnce && later.size === 0) return true;
  }
  return false;
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
