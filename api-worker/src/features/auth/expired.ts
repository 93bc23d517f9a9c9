/** Expired sessions and unused guests, for the cron. */
import type { HomeDb } from "db";

/**
 * Deletes expired sessions, oldest first.
 *
 * @param now epoch milliseconds
 * @returns how many were deleted
 */
export async function deleteExpiredSessions(
  home: HomeDb,
  now: number,
  limit: number,
): Promise<number> {
  const deleted = await home.kysely
    .deleteFrom("sessions")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sessions")
        .select("id")
        .where("expiresAt", "<", now)
        .orderBy("expiresAt")
        .limit(limit),
    )
    .returning("id")
    .execute();
  return deleted.length;
}

/**
 * Deletes sessions of accounts that were not used since a time, oldest first. A guest's stays with the
 * guest, who could not log in again.
 *
 * @param unusedSince epoch milliseconds
 * @returns how many were deleted
 */
export async function deleteUnusedSessions(
  home: HomeDb,
  unusedSince: number,
  limit: number,
): Promise<number> {
  const deleted = await home.kysely
    .deleteFrom("sessions")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sessions as unused")
        .innerJoin("users", "users.id", "unused.userId")
        .select("unused.id")
        .where("unused.lastSeenAt", "<", unusedSince)
        .where("users.isGuest", "=", 0)
        .orderBy("unused.lastSeenAt")
        .limit(limit),
    )
    .returning("id")
    .execute();
  return deleted.length;
}

export interface UnusedGuest {
  readonly userId: string;
  readonly contentShard: number;
}

/**
 * Lists guests with no session used since a time, oldest first.
 *
 * @param unusedSince epoch milliseconds
 */
export function listUnusedGuests(
  home: HomeDb,
  unusedSince: number,
  limit: number,
): Promise<UnusedGuest[]> {
  return (
    home.kysely
      .selectFrom("users")
      .select(["id as userId", "contentShard"])
      .where("isGuest", "=", 1)
      .where("createdAt", "<", unusedSince)
      // Content that is still moving to an account must not be deleted with the guest.
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
      .limit(limit)
      .execute()
  );
}
