import { type HomeDb, runBatch } from "db";
import { type EndedAccess, toEndedAccess, userWithHash } from "../queries.ts";

/** Finds a link for a new password with its user. */
export function findReset(home: HomeDb, resetId: string) {
  return home.kysely
    .selectFrom("passwordResets")
    .innerJoin("users", "users.id", "passwordResets.userId")
    .select([
      "passwordResets.secretHash",
      "passwordResets.expiresAt",
      "users.id as userId",
      "users.email",
      "users.name",
      "users.role",
      "users.isGuest",
      "users.contentShard",
      "users.emailVerifiedAt",
      "users.disabledAt",
    ])
    .where("passwordResets.id", "=", resetId)
    .executeTakeFirst();
}

/**
 * Stores the password that was chosen with a link. The same batch uses the link up, ends all
 * sessions of the user and, if asked, the API tokens. It does nothing when another request has used
 * the link, or a newer one has replaced it.
 *
 * @returns the ids of what has ended; null when the link was not there any more
 */
export async function storeResetPassword(
  home: HomeDb,
  change: {
    readonly userId: string;
    readonly resetId: string;
    readonly newHash: string;
    readonly withTokens: boolean;
  },
): Promise<EndedAccess | null> {
  const { userId, resetId, newHash, withTokens } = change;
  const { kysely } = home;
  const isChanged = userWithHash(home, userId, newHash);
  const [changed, , sessions, tokens = []] = await runBatch(home, [
    kysely
      .updateTable("users")
      .set({ passwordHash: newHash })
      .where("id", "=", userId)
      .where("disabledAt", "is", null)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("passwordResets")
            .select("id")
            .where("id", "=", resetId)
            .where("userId", "=", userId),
        ),
      )
      .returning("id"),
    kysely.deleteFrom("passwordResets").where("userId", "in", isChanged).returning("id"),
    kysely.deleteFrom("sessions").where("userId", "in", isChanged).returning("id"),
    ...(withTokens
      ? [kysely.deleteFrom("apiTokens").where("userId", "in", isChanged).returning("id")]
      : []),
  ]);
  if (changed.length === 0) return null;
  return toEndedAccess(sessions, tokens);
}
