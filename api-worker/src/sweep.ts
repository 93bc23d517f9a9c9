import { createHomeDb } from "db";
import type { OwnerContext } from "./context.ts";
import { deleteExpiredSessions, listUnusedGuests } from "./features/auth/expired.ts";
import { carryLate } from "./features/carry/carry-guest.ts";
import { deleteContent } from "./features/deletion/delete-content.ts";
import { sweepArrivals } from "./features/transfer/sweep-arrivals.ts";
import { sweepUploads } from "./features/uploads/purge/sweep-uploads.ts";
import { ownerContext } from "./owner-context.ts";
import type { Logger } from "./platform/log.ts";

/** A guest that is unused for this long is deleted. */
export const guestLifeMs = 30 * 24 * 60 * 60_000;
/** One run deletes up to this many, so that it ends. The next run continues. */
const guestsPerRun = 20;
const sessionsPerRun = 500;

/**
 * Deletes expired sessions, guests that were unused for {@link guestLifeMs} with all their data,
 * and leftovers of uploads. A guest's row goes last, so that the next run continues an interrupted
 * one.
 *
 * @param now epoch milliseconds
 */
export async function sweep(env: Env, log: Logger, now: number): Promise<void> {
  const home = createHomeDb(env.HOME);
  await deleteExpiredSessions(home, now, sessionsPerRun);
  await carryLate({ env, home, log }, now);
  for (const guest of await listUnusedGuests(home, now - guestLifeMs, guestsPerRun)) {
    try {
      await removeGuest(ownerContext({ env, home, log }, guest));
    } catch (error) {
      // One failure does not stop the others.
      log.error("sweep.guest_not_deleted", error, { userId: guest.userId });
    }
  }
  await sweepArrivals(env, log, now);
  await sweepUploads(env, log, now);
}

async function removeGuest(guest: OwnerContext): Promise<void> {
  const { home, userId } = guest;
  await deleteContent(guest);
  await home.kysely.deleteFrom("users").where("id", "=", userId).where("isGuest", "=", 1).execute();
}
