import { createHomeDb, type HomeDb, runBatch, sql } from "db";
import { carry } from "./features/carry/carry-guest.ts";
import type { CarriedGuest } from "./features/carry/queries.ts";
import { deleteAllChats } from "./features/chats/use-cases.ts";
import { purgeAllUploads } from "./features/uploads/purge/purge-uploads.ts";
import { sweepUploads } from "./features/uploads/purge/sweep-uploads.ts";
import { contentFor } from "./platform/content.ts";
import type { Logger } from "./platform/log.ts";
import { userObject } from "./platform/user-object.ts";

/** A guest that nobody comes back to for this long is removed. */
export const guestLifeMs = 30 * 24 * 60 * 60_000;
/** For this long after its chats were carried over, a guest is looked at for what came late. */
const carriedLifeMs = 24 * 60 * 60_000;
/** One run takes away this much, so that it comes to an end; the next goes on. */
const guestsPerRun = 20;
const sessionsPerRun = 500;
const carriedPerRun = 100;

/**
 * Removes what nobody needs any more: sessions that have expired, guests that were not used for
 * {@link guestLifeMs} with all that is theirs, and what is left of uploads. A guest's row goes last, so a run that was cut off
 * is taken up by the next.
 *
 * @param now epoch milliseconds
 */
export async function sweep(env: Env, log: Logger, now: number): Promise<void> {
  const home = createHomeDb(env.HOME);
  await deleteExpiredSessions(home, now);
  for (const guest of await listCarriedGuests(home, now - carriedLifeMs)) {
    try {
      // What a request of the guest wrote that was under way while the guest logged in.
      await carry({ env, home, log }, guest);
    } catch (error) {
      log.error("guest not carried over", error, { userId: guest.id });
    }
  }
  for (const guest of await listUnusedGuests(home, now - guestLifeMs)) {
    try {
      await removeGuest(env, home, log, guest);
    } catch (error) {
      // The others need not wait for it.
      log.error("guest not removed", error, { userId: guest.id });
    }
  }
  await sweepUploads(env, log, now);
}

/** Guests whose chats went to an account, or should have, not long ago. */
function listCarriedGuests(home: HomeDb, carriedSince: number): Promise<CarriedGuest[]> {
  return home.kysely
    .selectFrom("users")
    .select(["id", "contentShard", sql<string>`carriedToUserId`.as("carriedToUserId")])
    .where("carriedToUserId", "is not", null)
    .where(({ or, eb }) => or([eb("carriedAt", "is", null), eb("carriedAt", ">=", carriedSince)]))
    .orderBy("carriedAt")
    .limit(carriedPerRun)
    .execute();
}

interface Guest {
  readonly id: string;
  readonly contentShard: number;
}

async function deleteExpiredSessions(home: HomeDb, now: number): Promise<void> {
  await home.kysely
    .deleteFrom("sessions")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sessions")
        .select("id")
        .where("expiresAt", "<", now)
        .orderBy("expiresAt")
        .limit(sessionsPerRun),
    )
    .execute();
}

function listUnusedGuests(home: HomeDb, unusedSince: number): Promise<Guest[]> {
  return (
    home.kysely
      .selectFrom("users")
      .select(["id", "contentShard"])
      .where("isGuest", "=", 1)
      .where("createdAt", "<", unusedSince)
      // What is on its way to an account is not to be removed with the guest.
      .where(({ or, eb }) =>
        or([eb("carriedToUserId", "is", null), eb("carriedAt", "<", unusedSince)]),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom("sessions")
              .select("sessions.id")
              .whereRef("sessions.userId", "=", "users.id")
              .where("sessions.lastSeenAt", ">=", unusedSince),
          ),
        ),
      )
      .orderBy("createdAt")
      .orderBy("id")
      .limit(guestsPerRun)
      .execute()
  );
}

async function removeGuest(env: Env, home: HomeDb, log: Logger, guest: Guest): Promise<void> {
  const { id: userId } = guest;
  const content = contentFor(env, guest);
  await deleteAllChats({ env, home, content, log, viewer: { userId } });
  await purgeAllUploads({ env, content, log }, userId);
  await runBatch(content, [
    content.kysely.deleteFrom("usageDays").where("userId", "=", userId),
    content.kysely.deleteFrom("preferences").where("userId", "=", userId),
  ]);
  await userObject(env, userId).purge();
  await home.kysely.deleteFrom("users").where("id", "=", userId).where("isGuest", "=", 1).execute();
}
