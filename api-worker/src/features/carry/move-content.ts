/** Moves a guest's content to an account, in one transaction of the content database. */
import { type ContentDb, runBatch, sql } from "db";
import { newId } from "../../platform/ids.ts";

type Statement = ReturnType<typeof sql>;

/**
 * Moves chats, messages, votes, files, preferences and usage from one user to another. A chat's
 * object keeps its name, because an answer may be live in it. Chats and messages whose ids the
 * other user already has (both imported the same file) get new ids. Safe to run again.
 *
 * @returns the new ids of the moved chats
 * @throws what D1 throws; nothing was moved then
 */
export async function moveContent(
  content: ContentDb,
  fromUserId: string,
  toUserId: string,
): Promise<string[]> {
  const statements: Statement[] = [
    // Foreign keys between chats, messages and votes include the owner. They hold again at the end.
    sql`PRAGMA defer_foreign_keys = ON`,
    ...(await renameTaken(content, fromUserId, toUserId)),
    sql`UPDATE messages SET userId = ${toUserId} WHERE userId = ${fromUserId}`,
    sql`UPDATE votes SET userId = ${toUserId} WHERE userId = ${fromUserId}`,
    sql`UPDATE uploads SET userId = ${toUserId} WHERE userId = ${fromUserId}`,
    sql`UPDATE messageFiles SET userId = ${toUserId} WHERE userId = ${fromUserId}`,
    sql`INSERT INTO usageDays (userId, day, modelId, answers, inputTokens, outputTokens)
      SELECT ${toUserId}, day, modelId, answers, inputTokens, outputTokens
      FROM usageDays WHERE userId = ${fromUserId}
      ON CONFLICT (userId, day, modelId) DO UPDATE SET
        answers = usageDays.answers + excluded.answers,
        inputTokens = usageDays.inputTokens + excluded.inputTokens,
        outputTokens = usageDays.outputTokens + excluded.outputTokens`,
    sql`DELETE FROM usageDays WHERE userId = ${fromUserId}`,
    // The account's own preferences win.
    sql`INSERT INTO preferences (userId, modelId, updatedAt)
      SELECT ${toUserId}, modelId, updatedAt FROM preferences WHERE userId = ${fromUserId}
      ON CONFLICT DO NOTHING`,
    sql`DELETE FROM preferences WHERE userId = ${fromUserId}`,
    sql`UPDATE chats
      SET userId = ${toUserId}, objectName = coalesce(objectName, userId || '/' || id),
        -- The account may have had the rest of the same import.
        importKey = NULL
      WHERE userId = ${fromUserId} RETURNING id`,
  ];
  const results = await runBatch(content, statements);
  return (results.at(-1) as unknown as { id: string }[]).map(({ id }) => id);
}

/** Builds statements that give new ids to chats, and their messages, whose ids are taken. */
async function renameTaken(
  { kysely }: ContentDb,
  fromUserId: string,
  toUserId: string,
): Promise<Statement[]> {
  const { rows } = await sql<{ chatId: string; messageId: string | null }>`
    SELECT chats.id AS chatId, messages.id AS messageId
    FROM chats
    LEFT JOIN messages ON messages.userId = chats.userId AND messages.chatId = chats.id
    WHERE chats.userId = ${fromUserId} AND (
      EXISTS (SELECT 1 FROM chats AS taken WHERE taken.userId = ${toUserId} AND taken.id = chats.id)
      OR EXISTS (
        SELECT 1 FROM messages AS mine
        JOIN messages AS taken ON taken.userId = ${toUserId} AND taken.id = mine.id
        WHERE mine.userId = chats.userId AND mine.chatId = chats.id
      )
    )`.execute(kysely);
  if (rows.length === 0) return [];
  const chatIds = JSON.stringify(newIdsFor(rows.map(({ chatId }) => chatId)));
  const messageIds = JSON.stringify(newIdsFor(rows.flatMap(({ messageId }) => messageId ?? [])));
  // Qualified with the table's name, because json_each has a column "id" too.
  const renamed = (column: string, ids: string) =>
    sql`(SELECT value FROM json_each(${ids}) WHERE key = ${sql.ref(column)})`;
  return [
    sql`UPDATE chats SET
        objectName = coalesce(objectName, userId || '/' || id),
        currentMessageId = ${renamed("chats.currentMessageId", messageIds)},
        id = ${renamed("chats.id", chatIds)}
      WHERE userId = ${fromUserId} AND id IN (SELECT key FROM json_each(${chatIds}))`,
    sql`UPDATE votes SET messageId = ${renamed("votes.messageId", messageIds)}
      WHERE userId = ${fromUserId} AND messageId IN (SELECT key FROM json_each(${messageIds}))`,
    sql`UPDATE messageFiles SET
        chatId = ${renamed("messageFiles.chatId", chatIds)},
        messageId = ${renamed("messageFiles.messageId", messageIds)}
      WHERE userId = ${fromUserId} AND messageId IN (SELECT key FROM json_each(${messageIds}))`,
    sql`UPDATE messages SET
        chatId = ${renamed("messages.chatId", chatIds)},
        parentId = ${renamed("messages.parentId", messageIds)},
        id = ${renamed("messages.id", messageIds)}
      WHERE userId = ${fromUserId} AND id IN (SELECT key FROM json_each(${messageIds}))`,
  ];
}

function newIdsFor(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries([...new Set(ids)].map((id) => [id, newId()]));
}
