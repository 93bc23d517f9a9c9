import { type ContentDb, sql } from "db";

/**
 * Whether a message, or the answer of a turn, is on a chat's shown branch. Readers of a public chat
 * see only that branch. Other versions stay private to the owner.
 */
export async function isShown(
  db: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
  wanted: { readonly messageId: string } | { readonly streamId: string },
): Promise<boolean> {
  const condition =
    "messageId" in wanted
      ? sql`branch.id = ${wanted.messageId}`
      : sql`branch.streamId = ${wanted.streamId}`;
  const { rows } = await sql`
    WITH RECURSIVE branch (id, parentId, streamId) AS (
      SELECT messages.id, messages.parentId, messages.streamId
        FROM chats
        JOIN messages ON messages.userId = chats.userId AND messages.id = chats.currentMessageId
        WHERE chats.userId = ${userId} AND chats.id = ${chatId}
      UNION ALL
      SELECT messages.id, messages.parentId, messages.streamId
        FROM branch
        CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = branch.parentId
    )
    SELECT 1 FROM branch WHERE ${condition} LIMIT 1`.execute(db.kysely);
  return rows.length > 0;
}
