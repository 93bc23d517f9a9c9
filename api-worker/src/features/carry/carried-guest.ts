/**
 * A guest whose chats go to an account: what sessions and sign-ups read and write of that, as parts of
 * their own queries and batches.
 */
import { type HomeDb, sql } from "db";

/** How many guests were carried over to an account, and how many of them are not all there yet. */
export const carriedColumns = [
  sql<number>`(SELECT count(*) FROM users AS guest
    WHERE guest.carriedToUserId = users.id)`.as("carriedCount"),
  sql<number>`(SELECT count(*) FROM users AS guest
    WHERE guest.carriedToUserId = users.id AND guest.carriedAt IS NULL)`.as("pendingCount"),
] as const;

/**
 * Ends a guest in favour of an account: no session of the guest opens anything from now on, and
 * links to public chats lead to the account. The chats themselves follow; until then the guest's
 * row says that they are on their way. Does nothing for who is no guest, or was carried over.
 */
export function carryGuestStatements({ kysely }: HomeDb, guestId: string, userId: string) {
  const carried = kysely
    .selectFrom("users")
    .select("id")
    .where("id", "=", guestId)
    .where("carriedToUserId", "=", userId);
  return [
    kysely
      .updateTable("users")
      .set({ carriedToUserId: userId })
      .where("id", "=", guestId)
      .where("isGuest", "=", 1)
      .where("carriedToUserId", "is", null),
    kysely.deleteFrom("sessions").where("userId", "in", carried),
    kysely.updateTable("publicChats").set({ userId }).where("userId", "in", carried),
  ];
}

/** A guest whose chats belong to an account. */
export interface CarriedGuest {
  readonly id: string;
  readonly carriedToUserId: string;
  readonly contentShard: number;
}
