/** D1 queries for deleting uploads. */
import { type ContentDb, sql, type UploadRow, valuesOf } from "db";
import { isUploadUsed } from "../file-uses.ts";

/** An upload to delete, and its multipart upload in R2 if one may be open. */
export type GoneUpload = Pick<UploadRow, "id" | "r2UploadId">;

/** Lists an owner's uploads that are marked for deletion. */
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

/** Deletes the rows of uploads whose objects are gone. */
export async function deleteRows(db: ContentDb, ids: readonly string[]): Promise<void> {
  await db.kysely
    .deleteFrom("uploads")
    .where("id", "in", valuesOf(ids))
    .where("state", "=", "deleting")
    .execute();
}

/** Marks all uploads of an owner for deletion. */
export async function setAllDeleting(db: ContentDb, userId: string): Promise<void> {
  await db.kysely
    .updateTable("uploads")
    .set({ state: "deleting" })
    .where("userId", "=", userId)
    .where("state", "=", "ready")
    .execute();
}

/**
 * Gives up uploads of any owner that began before a time and never finished. One statement decides:
 * an upload that finishes at this moment is either ready before it, or never.
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

/** Lists uploads of any owner that are marked for deletion. */
export async function listAllDeleting(db: ContentDb, limit: number): Promise<GoneUpload[]> {
  return db.kysely
    .selectFrom("uploads")
    .select(["id", "r2UploadId"])
    .where("state", "=", sql.lit("deleting"))
    .orderBy("createdAt")
    .limit(limit)
    .execute();
}

/** Marks uploads for deletion that were attached before a time to a message that was never sent. */
export async function expireDrafts(
  db: ContentDb,
  draftedBefore: number,
  limit: number,
): Promise<void> {
  await db.kysely
    .updateTable("uploads")
    .set({
      draftedAt: null,
      reusedAt: null,
      state: sql`CASE WHEN state = 'ready' AND NOT ${isUploadUsed} THEN 'deleting' ELSE state END`,
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

/** Finds those of the given uploads that a database has. */
export async function findKnown(db: ContentDb, ids: readonly string[]): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom("uploads")
    .select("id")
    .where("id", "in", valuesOf(ids))
    .execute();
  return rows.map(({ id }) => id);
}
