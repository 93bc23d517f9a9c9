import { type HomeDb, sql } from "db";
import type { CarriedGuest } from "./carried-guest.ts";

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

/** Guests whose chats went to an account, or should have, not long ago. */
export function listCarriedGuests(
  home: HomeDb,
  carriedSince: number,
  limit: number,
): Promise<CarriedGuest[]> {
  return home.kysely
    .selectFrom("users")
    .select(["id", "contentShard", sql<string>`carriedToUserId`.as("carriedToUserId")])
    .where("carriedToUserId", "is not", null)
    .where(({ or, eb }) => or([eb("carriedAt", "is", null), eb("carriedAt", ">=", carriedSince)]))
    .orderBy("carriedAt")
    .limit(limit)
    .execute();
}
