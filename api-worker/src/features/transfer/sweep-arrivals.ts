import { contentDatabases } from "../../platform/content.ts";
import type { Logger } from "../../platform/log.ts";
import { arrivalMaxMs, deleteArriving, listStuckArrivals } from "./insert-chat.ts";

/** One run deletes this many, so that it ends. The next run continues. */
const chatsPerRun = 20;

/**
 * Deletes what is left of chats whose import or fork was cut off. Never throws: the next run retries
 * what is left.
 *
 * @param now epoch milliseconds
 */
export async function sweepArrivals(env: Env, log: Logger, now: number): Promise<void> {
  for (const content of contentDatabases(env)) {
    try {
      const stuck = await listStuckArrivals(content, now - arrivalMaxMs, chatsPerRun);
      for (const key of stuck) await deleteArriving(content, key);
    } catch (error) {
      log.error("transfer.sweep_failed", error);
    }
  }
}
