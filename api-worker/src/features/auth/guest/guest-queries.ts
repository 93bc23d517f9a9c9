import { type HomeDb, runBatch, type SessionRow, sql } from "db";

/**
 * Creates a guest and the guest's session, unless they exist.
 *
 * @returns whether the session exists now; false when it or the guest has ended
 */
export async function insertGuest(
  home: HomeDb,
  guest: { readonly userId: string; readonly contentShard: number },
  session: SessionRow,
): Promise<boolean> {
  const { kysely } = home;
  const [, , sessions] = await runBatch(home, [
    kysely
      .insertInto("users")
      .values({
        id: guest.userId,
        isGuest: 1,
        contentShard: guest.contentShard,
        createdAt: session.createdAt,
      })
      .onConflict((conflict) => conflict.doNothing()),
    kysely
      .insertInto("sessions")
      .columns(["id", "secretHash", "userId", "createdAt", "expiresAt", "lastSeenAt", "userAgent"])
      .expression((eb) =>
        eb
          .selectFrom("users")
          .select([
            sql.val(session.id).as("id"),
            sql.val(session.secretHash).as("secretHash"),
            "users.id as userId",
            sql.val(session.createdAt).as("createdAt"),
            sql.val(session.expiresAt).as("expiresAt"),
            sql.val(session.lastSeenAt).as("lastSeenAt"),
            sql.val(session.userAgent).as("userAgent"),
          ])
          // No second session for a guest that has become an account meanwhile, or moved to one.
          .where("users.id", "=", guest.userId)
          .where("users.isGuest", "=", 1)
          .where("users.carriedToUserId", "is", null),
      )
      .onConflict((conflict) => conflict.doNothing()),
    kysely
      .selectFrom("sessions")
      .select("id")
      .where("id", "=", session.id)
      .where("userId", "=", guest.userId)
      .where("secretHash", "=", session.secretHash),
  ]);
  return sessions.length > 0;
}
