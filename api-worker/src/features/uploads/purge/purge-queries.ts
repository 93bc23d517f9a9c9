/** What the end of an upload asks of the database. */
import { type ContentDb, sql, type UploadRow } from "db";

/** An upload that is to go, and the parts of it that storage may still have. */
export type GoneUpload = Pick<UploadRow, "id" | "r2UploadId">;

/** Someone's uploads that are to go. */
export async function listDeleting(
  db: ContentDb,
  userId: string,
  limit: number,
): Promise<GoneUpload[]> {
  return db.kysely
    .selectFrom("uploads")
    .select(["id", "r2UploadId"])
    .where("userId", "=", userId)
    .where("state", "=", sql.lit("deleting"))
    .limit(limit)
    .execute();
}

/** Removes rows that are to go, and whose objects are gone. */
export async function deleteRows(db: ContentDb, ids: readonly string[]): Promise<void> {
  await db.kysely
    .deleteFrom("uploads")
    .where("id", "in", sql<string>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .where("state", "=", "deleting")
    .execute();
}

/** Lets all that someone has go. */
export async function setAllDeleting(db: ContentDb, userId: string): Promise<void> {
  await db.kysely
    .updateTable("uploads")
    .set({ state: "deleting" })
    .where("userId", "=", userId)
    .where("state", "=", "ready")
    .execute();
}

/**
 * Gives up uploads, whoever's, that were begun before a time and never came to an end. One statement
 * decides: one that comes to its end now is either ready before it, or never.
 */
export async function giveUpOldPending(
  db: ContentDb,
  begunBefore: number,
  limit: number,
): Promise<void> {
  await db.kysely
    .updateTable("uploads")
    .set({ state: "deleting" })
    .where("state", "=", "pending")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("uploads as old")
        .select("old.id")
        .where("old.state", "=", "pending")
        .where("old.createdAt", "<", begunBefore)
        .orderBy("old.createdAt")
        .limit(limit),
    )
    .execute();
}

/** Uploads, whoever's, that are to go. */
export async function listAllDeleting(db: ContentDb, limit: number): Promise<GoneUpload[]> {
  return db.kysely
    .selectFrom("uploads")
    .select(["id", "r2UploadId"])
    .where("state", "=", sql.lit("deleting"))
    .orderBy("createdAt")
    .limit(limit)
    .execute();
}

/** Lets uploads go that were given before a time for a message that never came. */
export async function expireDrafts(
  db: ContentDb,
  draftedBefore: number,
  limit: number,
): Promise<void> {
  const isUsed = sql<boolean>`EXISTS (SELECT 1 FROM messageFiles
    WHERE messageFiles.userId = uploads.userId AND messageFiles.uploadId = uploads.id)`;
  await db.kysely
    .updateTable("uploads")
    .set({
      draftedAt: null,
      reusedAt: null,
      state: sql`CASE WHEN state = 'ready' AND NOT ${isUsed} THEN 'deleting' ELSE state END`,
    })
    .where("id", "in", (eb) =>
      eb
        .selectFrom("uploads as old")
        .select("old.id")
        .where("old.draftedAt", "<", draftedBefore)
        .where("old.state", "!=", "pending")
        .limit(limit),
    )
    .execute();
}

/** Which of these uploads are in a database. */
export async function findKnown(db: ContentDb, ids: readonly string[]): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom("uploads")
    .select("id")
    .where("id", "in", sql<string>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
  return rows.map(({ id }) => id);
}
