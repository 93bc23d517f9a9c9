import type { HomeDb } from "db";

/** Finds an invitation, good or not. */
export function findInvite(home: HomeDb, inviteId: string) {
  return home.kysely
    .selectFrom("invites")
    .select(["id", "secretHash", "email", "maxUses", "uses", "expiresAt", "revokedAt"])
    .where("id", "=", inviteId)
    .executeTakeFirst();
}
