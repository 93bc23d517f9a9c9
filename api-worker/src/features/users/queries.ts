import type { HomeDb } from "db";

/**
 * Marks a user as disabled. One who is disabled already keeps the earlier time.
 *
 * @param now epoch milliseconds
 */
export async function setDisabled(home: HomeDb, userId: string, now: number): Promise<void> {
  await home.kysely
    .updateTable("users")
    .set({ disabledAt: now })
    .where("id", "=", userId)
    .where("disabledAt", "is", null)
    .execute();
}
