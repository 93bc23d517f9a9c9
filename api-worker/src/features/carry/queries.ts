import { type ContentDb, type ContentTable, contentTables, type HomeDb, sql } from "db";
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
): Promise<(CarriedGuest & { readonly carriedAt: number | null })[]> {
  return home.kysely
    .selectFrom("users")
    .select(["id", "contentShard", "carriedAt", sql<string>`carriedToUserId`.as("carriedToUserId")])
    .where("carriedToUserId", "is not", null)
    .where(({ or, eb }) => or([eb("carriedAt", "is", null), eb("carriedAt", ">=", carriedSince)]))
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}

/** Finds those of the given guests of whom something is left that moves to an account. */
export async function listWithContent(
  { kysely }: ContentDb,
  guestIds: readonly string[],
): Promise<string[]> {
  const moving = Object.entries<ContentTable>(contentTables).filter(
    ([, { carry }]) => carry !== "none",
  );
  const isThere = moving.map(
    ([name, { owner }]) =>
      sql`EXISTS (SELECT 1 FROM ${sql.table(name)} WHERE ${sql.ref(owner)} = guest.value)`,
  );
  const { rows } = await sql<{ id: string }>`
    SELECT value AS id FROM json_each(${JSON.stringify(guestIds)}) AS guest
    WHERE ${sql.join(isThere, sql` OR `)}`.execute(kysely);
  return rows.map(({ id }) => id);
}
