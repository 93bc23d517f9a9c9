import type { ContentDb } from "db";

/** Messages in chats marked as public that contain an upload. */
export async function listPublicUses(
  db: ContentDb,
  { userId, id }: { readonly userId: string; readonly id: string },
  limit: number,
): Promise<{ chatId: string; messageId: string }[]> {
  return db.kysely
    .selectFrom("messageFiles")
    .innerJoin("chats", (join) =>
      join
        .onRef("chats.userId", "=", "messageFiles.userId")
        .onRef("chats.id", "=", "messageFiles.chatId"),
    )
    .select(["messageFiles.chatId", "messageFiles.messageId"])
    .where("messageFiles.userId", "=", userId)
    .where("messageFiles.uploadId", "=", id)
    .where("chats.visibility", "=", "public")
    .limit(limit)
    .execute();
}
