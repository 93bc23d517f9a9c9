/**
 * A guest whose chats move to an account: columns and statements for the queries and batches of
 * sessions and sign-ups.
 */
import { type HomeDb, sql } from "db";

/** Counts of the guests that were moved to an account, and of those whose move is not complete. */
export const carriedColumns = [
  sql<number>`(SELECT count(*) FROM users AS guest
    WHERE guest.carriedToUserId = users.id)`.as("carriedCount"),
  sql<number>`(SELECT count(*) FROM users AS guest
    WHERE guest.carriedToUserId = users.id AND guest.carriedAt IS NULL)`.as("pendingCount"),
] as const;

/**
 * Ends a guest in favour of an account: deletes the guest's sessions and points public chats to the
 * account. The chats follow; until then the guest's row marks them as pending. Does nothing for a
 * user who is not a guest or was moved before.
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

/** A guest whose chats belong to an account now. */
export interface CarriedGuest {
  readonly id: string;
  readonly carriedToUserId: string;
  readonly contentShard: number;
}
