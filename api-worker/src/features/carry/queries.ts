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
export function carryGuestQueries({ kysely }: HomeDb, guestId: string, userId: string) {
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

/** The guests whose chats are still on their way to an account. */
export function listPendingGuests(home: HomeDb, userId: string): Promise<CarriedGuest[]> {
  return home.kysely
    .selectFrom("users")
    .select(["id", "contentShard", sql<string>`carriedToUserId`.as("carriedToUserId")])
    .where("carriedToUserId", "=", userId)
    .where("carriedAt", "is", null)
    .execute();
}

/** Says that all that a guest had is with the account. */
export async function setCarried(home: HomeDb, guestId: string, carriedAt: number): Promise<void> {
  await home.kysely
    .updateTable("users")
    .set({ carriedAt: sql`coalesce(carriedAt, ${carriedAt})` })
    .where("id", "=", guestId)
    .execute();
}
