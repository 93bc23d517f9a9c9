import { type ContentDb, sql } from "db";
import { type FileUse, fileUsesOf } from "../uploads/file-uses.ts";

/** Messages in chats marked as public that contain an upload, or have made a document with it. */
export async function listPublicUses(
  db: ContentDb,
  { userId, id }: { readonly userId: string; readonly id: string },
  limit: number,
): Promise<{ chatId: string; messageId: string }[]> {
  return db.kysely
    .selectFrom(sql<FileUse>`(${fileUsesOf(sql.val(userId), sql.val(id))})`.as("uses"))
    .innerJoin("chats", (join) =>
      join.onRef("chats.userId", "=", "uses.userId").onRef("chats.id", "=", "uses.chatId"),
    )
    .select(["uses.chatId", "uses.messageId"])
    .where("chats.visibility", "=", "public")
    .limit(limit)
    .execute();
}
