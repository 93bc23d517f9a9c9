/** Expired sessions and unused guests, for the cron. */
import type { HomeDb } from "db";

/** Deletes expired sessions, oldest first. @param now epoch milliseconds */
export async function deleteExpiredSessions(
  home: HomeDb,
  now: number,
  limit: number,
): Promise<void> {
  await home.kysely
    .deleteFrom("sessions")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sessions")
        .select("id")
        .where("expiresAt", "<", now)
        .orderBy("expiresAt")
        .limit(limit),
    )
    .execute();
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
