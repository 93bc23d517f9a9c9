import { type HomeDb, sql } from "db";
import type { CarriedGuest } from "./carried-guest.ts";

/**
 * Lists guests whose chats are still to be moved to an account, in random order, so that guests whose
 * chats do not fit do not block the others.
 */
export function listPendingGuests(
  home: HomeDb,
  userId: string,
  limit: number,
): Promise<CarriedGuest[]> {
  return home.kysely
    .selectFrom("users")
    .select(["id", "contentShard", sql<string>`carriedToUserId`.as("carriedToUserId")])
    .where("carriedToUserId", "=", userId)
    .where("carriedAt", "is", null)
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}

/** Records that all content of a guest has been moved. */
export async function setCarried(home: HomeDb, guestId: string, carriedAt: number): Promise<void> {
  await home.kysely
    .updateTable("users")
    .set({ carriedAt: sql`coalesce(carriedAt, ${carriedAt})` })
    .where("id", "=", guestId)
    .execute();
}

/** Lists guests whose chats were recently moved, or should have been, in random order. */
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
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}
