import { createHomeDb, runBatch } from "db";
import type { OwnerContext } from "./context.ts";
import { deleteExpiredSessions, listUnusedGuests } from "./features/auth/expired.ts";
import { carryLate } from "./features/carry/carry-guest.ts";
import { deleteAllChats } from "./features/chats/use-cases.ts";
import { purgeAllUploads } from "./features/uploads/purge/purge-uploads.ts";
import { sweepUploads } from "./features/uploads/purge/sweep-uploads.ts";
import { ownerContext } from "./owner-context.ts";
import type { Logger } from "./platform/log.ts";
import { userObject } from "./platform/user-object.ts";

/** A guest that nobody comes back to for this long is removed. */
export const guestLifeMs = 30 * 24 * 60 * 60_000;
/** One run takes away this much, so that it comes to an end; the next goes on. */
const guestsPerRun = 20;
const sessionsPerRun = 500;

/**
 * Removes what nobody needs any more: sessions that have expired, guests that were not used for
 * {@link guestLifeMs} with all that is theirs, and what is left of uploads. A guest's row goes last, so a run that was cut off
 * is taken up by the next.
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
      // The others need not wait for it.
      log.error("guest not removed", error, { userId: guest.userId });
    }
  }
  await sweepUploads(env, log, now);
}

async function removeGuest(guest: OwnerContext): Promise<void> {
  const { env, home, content, userId } = guest;
  await deleteAllChats(guest);
  await purgeAllUploads(guest);
  await runBatch(content, [
    content.kysely.deleteFrom("usageDays").where("userId", "=", userId),
    content.kysely.deleteFrom("preferences").where("userId", "=", userId),
  ]);
  await userObject(env, userId).purge();
  await home.kysely.deleteFrom("users").where("id", "=", userId).where("isGuest", "=", 1).execute();
}
