import { contentDatabases } from "../../platform/content.ts";
import type { Logger } from "../../platform/log.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { arrivalMaxMs, deleteArriving, listStuckArrivals } from "./insert-chat.ts";

/** A step looks at this many chats. */
const chatsPerStep = 20;

/**
 * Deletes what is left of chats whose import or fork was cut off, as far as a budget allows. Never
 * throws: the next run retries what is left.
 *
 * @param now epoch milliseconds
 * @returns whether none is left
 */
export async function sweepArrivals(
  env: Env,
  log: Logger,
  now: number,
  budget: RequestBudget,
): Promise<boolean> {
  for (const content of contentDatabases(env)) {
    try {
      if (!budget.take(1)) return false;
      const stuck = await listStuckArrivals(content, now - arrivalMaxMs, chatsPerStep);
      for (const key of stuck) {
        if (!(await deleteArriving(content, key, budget))) return false;
      }
      if (stuck.length === chatsPerStep) return false;
    } catch (error) {
      log.error("transfer.sweep_failed", error);
    }
  }
  return true;
}
