import { type ContentDb, runBatch, sql, type UploadRow, valuesOf } from "db";
import type { DataPartType } from "../../contracts/message-parts.ts";
import type { UploadOutput, uploadSorts } from "../../contracts/uploads.ts";
import { isAfter, type PageRequest } from "../../platform/page.ts";
import {
  runFitting,
  type StorageLimits,
  type StorageUse,
  storageUseQuery,
} from "../limits/storage.ts";
import { type FileUse, fileUsesOf, isUploadUsed } from "./file-uses.ts";

export const uploadColumns = [
  "id",
  "name",
  "mediaType",
  "bytes",
  "width",
  "height",
  "thumbnailBytes",
  "createdAt",
] as const;

/** A ready upload, with the columns that its owner sees. */
export type StoredUpload = Pick<UploadRow, (typeof uploadColumns)[number]>;

interface UploadKey {
  readonly userId: string;
  readonly id: string;
}

/** Inserts the row of an upload before anything of it is stored. */
export async function insertPending(
  db: ContentDb,
  upload: UploadKey & {
    readonly chatId: string | null;
    readonly name: string;
    readonly createdAt: number;
  },
): Promise<void> {
  await db.kysely
    .insertInto("uploads")
    .values({ ...upload, draftedAt: upload.createdAt })
    .execute();
}

/** Stores the id of R2's multipart upload. */
export async function setR2UploadId(
  db: ContentDb,
  { userId, id }: UploadKey,
  r2UploadId: string,
): Promise<void> {
  await db.kysely
    .updateTable("uploads")
    .set({ r2UploadId })
    .where("userId", "=", userId)
    .where("id", "=", id)
    .execute();
}

/** The facts about an upload that are known at its end. */
export interface UploadFacts {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbnailBytes: number | null;
  readonly thumbnailType: string | null;
}

/**
 * Marks an upload as ready, unless the owner has the same content already. One batch decides.
 *
 * @returns undefined when the owner has it, or when the upload is not pending any more
 * @throws AppError TOO_LARGE when it does not fit into the owner's storage
 */
export async function setReady(
  db: ContentDb,
  { userId, id }: UploadKey,
  facts: UploadFacts,
  storage: StorageLimits,
): Promise<StoredUpload | undefined> {
  const makeReady = db.kysely
    .updateTable("uploads")
    .set({ ...facts, state: "ready", r2UploadId: null })
    .where("userId", "=", userId)
    .where("id", "=", id)
    .where("state", "=", "pending")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("uploads as twin")
            .select("twin.id")
            .where("twin.userId", "=", userId)
            .where("twin.sha256", "=", facts.sha256)
            .where("twin.state", "=", "ready"),
        ),
      ),
    )
    .returning(uploadColumns);
  const [rows] = await runFitting(db, userId, storage, [makeReady]);
  return rows[0];
}

/**
 * Reuses an existing upload with the same content. An upload that waits in a draft then belongs to
 * two drafts, possibly of two chats, so deleting one of the chats does not delete it.
 *
 * @param now epoch milliseconds; the upload is in a draft again from now on
 * @returns undefined when there is none
 */
export async function reuseUpload(
  db: ContentDb,
  userId: string,
  sha256: string,
  chatId: string | null,
  now: number,
): Promise<StoredUpload | undefined> {
  return db.kysely
    .updateTable("uploads")
    .set({
      draftedAt: now,
      chatId: sql`CASE WHEN draftedAt IS NULL OR chatId = ${chatId} THEN ${chatId} END`,
      reusedAt: sql`CASE WHEN draftedAt IS NULL THEN NULL ELSE ${now} END`,
    })
    .where("userId", "=", userId)
    .where("sha256", "=", sha256)
    .where("state", "=", "ready")
    .returning(uploadColumns)
    .executeTakeFirst();
}

/**
 * Gives up an unfinished upload: it can never become ready, and its objects may be deleted. A ready
 * upload stays ready.
 *
 * @returns the upload when it is ready after all
 */
export async function giveUpPending(
  db: ContentDb,
  { userId, id }: UploadKey,
): Promise<StoredUpload | undefined> {
  const row = await db.kysely
    .updateTable("uploads")
    .set({ state: sql`CASE state WHEN 'pending' THEN 'deleting' ELSE state END` })
    .where("userId", "=", userId)
    .where("id", "=", id)
    .returning([...uploadColumns, "state"])
    .executeTakeFirst();
  if (row?.state !== "ready") return undefined;
  const { state: _, ...upload } = row;
  return upload;
}

/** Finds those of the given uploads that an owner has and that are ready. */
export async function findUploads(
  db: ContentDb,
  userId: string,
  ids: readonly string[],
): Promise<StoredUpload[]> {
  return db.kysely
    .selectFrom("uploads")
    .select(uploadColumns)
    .where("userId", "=", userId)
    .where("id", "in", valuesOf(ids))
    .where("state", "=", "ready")
    .execute();
}

export interface ListedUpload extends StoredUpload {
  /** The last messages that have it, as a JSON array of {id, title, messageId} of their chats. */
  readonly uses: string;
  readonly useCount: number;
}

/** Messages with an upload that are checked for their chats, at most. */
const lookedAtUses = 20;

/** Lists a page of an owner's uploads, and the storage used in all, in one round trip. */
export async function listUploadPage(
  db: ContentDb,
  userId: string,
  page: PageRequest & { readonly sort: (typeof uploadSorts)[number] },
): Promise<{ rows: ListedUpload[]; use: StorageUse | undefined }> {
  const column = page.sort === "newest" ? "uploads.createdAt" : "uploads.bytes";
  const ofUpload = fileUsesOf(sql.ref("uploads.userId"), sql.ref("uploads.id"));
  const uses = sql<string>`(
    SELECT json_group_array(json_object('id', chatId, 'title', title, 'messageId', messageId))
    FROM (
      SELECT uses.chatId, chats.title, uses.messageId
      FROM (${ofUpload} ORDER BY messageId DESC LIMIT ${sql.lit(lookedAtUses)}) AS uses
      CROSS JOIN chats ON chats.userId = uses.userId AND chats.id = uses.chatId
    ) AS uses)`;
  const useCount = sql<number>`(SELECT count(*) FROM (${ofUpload}) AS uses)`;
  const query = db.kysely
    .selectFrom("uploads")
    .select([...uploadColumns, uses.as("uses"), useCount.as("useCount")])
    .where("userId", "=", userId)
    .where("state", "=", sql.lit("ready"))
    .orderBy(column, "desc")
    .orderBy("uploads.id", "desc")
    .limit(page.limit);
  const { after } = page;
  const [rows, stored] = await runBatch(db, [
    after === null ? query : query.where(isAfter([column, "uploads.id"], after)),
    storageUseQuery(db, userId),
  ]);
  return { rows, use: stored[0] };
}

/** Lists the chats in which messages contain an upload. */
export async function listChatsWith(db: ContentDb, { userId, id }: UploadKey): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom(sql<FileUse>`(${fileUsesOf(sql.val(userId), sql.val(id))})`.as("uses"))
    .select("uses.chatId")
    .execute();
  return [...new Set(rows.map(({ chatId }) => chatId))];
}

/**
 * Marks an upload for deletion, and replaces it in every message that contains it, in one
 * transaction. Its objects are deleted later.
 *
 * @param part the address by which parts name the upload, and the type of the part that replaces
 *   them
 * @returns false when the owner has no such upload
 */
export async function setDeleting(
  db: ContentDb,
  { userId, id }: UploadKey,
  { url, deletedType }: { readonly url: string; readonly deletedType: DataPartType },
): Promise<boolean> {
  const users = sql`SELECT messageId FROM messageFiles
    WHERE userId = ${userId} AND uploadId = ${id}`;
  const isIt = sql`part.value ->> 'type' = 'file' AND part.value ->> 'url' = ${url}`;
  const told = sql`json_object('type', ${deletedType}, 'data', json_object(
    'filename', part.value ->> 'filename', 'mediaType', part.value ->> 'mediaType'))`;
  const rewrite = sql`UPDATE messages SET parts = (
      SELECT json_group_array(json(CASE WHEN ${isIt} THEN ${told} ELSE part.value END) ORDER BY part.key)
      FROM json_each(messages.parts) AS part)
    WHERE userId = ${userId} AND id IN (${users})`;
  const [, taken] = await runBatch(db, [
    rewrite,
    db.kysely
      .updateTable("uploads")
      .set({ state: "deleting" })
      .where("userId", "=", userId)
      .where("id", "=", id)
      .where("state", "=", "ready")
      .returning("id"),
    db.kysely.deleteFrom("messageFiles").where("userId", "=", userId).where("uploadId", "=", id),
    db.kysely.deleteFrom("documentFiles").where("userId", "=", userId).where("uploadId", "=", id),
  ]);
  return taken.length > 0;
}

/**
 * Marks an upload for deletion that no message contains. A used upload is only taken out of its
 * draft, and one that is in two drafts stays as it is.
 *
 * @returns false when the owner has no such upload
 */
export async function dropFromDraft(db: ContentDb, { userId, id }: UploadKey): Promise<boolean> {
  const rows = await db.kysely
    .updateTable("uploads")
    .set({
      draftedAt: sql`CASE WHEN reusedAt IS NULL THEN NULL ELSE draftedAt END`,
      state: sql`CASE WHEN reusedAt IS NOT NULL OR ${isUploadUsed} THEN 'ready' ELSE 'deleting' END`,
    })
    .where("userId", "=", userId)
    .where("id", "=", id)
    .where("state", "=", "ready")
    .returning("id")
    .execute();
  return rows.length > 0;
}

/** Converts a row to the API's output. */
export function toUploadOutput({ thumbnailBytes, ...upload }: StoredUpload): UploadOutput {
  return {
    ...upload,
    // A ready upload has a type, as the table's CHECK says.
    mediaType: upload.mediaType as UploadOutput["mediaType"],
    hasThumbnail: thumbnailBytes !== null,
  };
}
