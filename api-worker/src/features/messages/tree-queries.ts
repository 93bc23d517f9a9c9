/** Queries over the tree of a chat's messages: its branches, and which of them is shown. */
import { type ContentDb, type NewMessageRow, runBatch, sql } from "db";
import { branchQuery, type ChatKey, type StoredMessage } from "./queries.ts";

/** The branch that ends with a message, newest first; empty when the chat has no such message. */
export function readBranch(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  limit: number,
): Promise<StoredMessage[]> {
  return branchQuery(db, key, messageId, limit).execute();
}

/** Saves the place of an answer, and shows it. */
export async function insertAnswer(db: ContentDb, answer: NewMessageRow): Promise<void> {
  await runBatch(db, [
    db.kysely.insertInto("messages").values(answer),
    db.kysely
      .updateTable("chats")
      .set({ currentMessageId: answer.id, updatedAt: answer.createdAt })
      .where("userId", "=", answer.userId)
      .where("id", "=", answer.chatId),
  ]);
}

/**
 * Shows the branch that leads through a message: down to its end, along the newest messages.
 *
 * @returns the last message of that branch; undefined when the chat has no such message
 */
export async function showBranch(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  messageId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ currentMessageId: string }>`
    WITH RECURSIVE path (id, depth) AS (
      SELECT id, 0 FROM messages
        WHERE userId = ${userId} AND chatId = ${chatId} AND id = ${messageId}
      UNION ALL
      SELECT (
          SELECT child.id FROM messages AS child
          WHERE child.userId = ${userId} AND child.parentId = path.id
          ORDER BY child.createdAt DESC, child.id DESC LIMIT 1
        ), depth + 1
      FROM path WHERE path.id IS NOT NULL
    )
    UPDATE chats SET currentMessageId = (
      SELECT id FROM path WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1
    )
    WHERE userId = ${userId} AND id = ${chatId} AND EXISTS (SELECT 1 FROM path)
    RETURNING currentMessageId`.execute(db.kysely);
  return rows[0]?.currentMessageId;
}
