import { type ContentDb, runBatch, sql } from "db";

interface AnswerKey {
  readonly userId: string;
  readonly messageId: string;
}

/** Finds the message of a vote; undefined when the user has no such message. */
export function findVotable(db: ContentDb, { userId, messageId }: AnswerKey) {
  return db.kysely
    .selectFrom("messages")
    .select(["role", "chatId"])
    .where("userId", "=", userId)
    .where("id", "=", messageId)
    .executeTakeFirst();
}

/**
 * Sets or changes a vote, in one statement that also checks the message.
 *
 * @returns false when the answer does not exist
 */
export async function upsertVote(
  db: ContentDb,
  { userId, messageId }: AnswerKey,
  isUpvoted: boolean,
  updatedAt: number,
): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO votes (userId, messageId, isUpvoted, updatedAt)
    SELECT userId, id, ${isUpvoted ? 1 : 0}, ${updatedAt} FROM messages
    WHERE userId = ${userId} AND id = ${messageId} AND role = 'assistant'
    ON CONFLICT (userId, messageId)
      DO UPDATE SET isUpvoted = excluded.isUpvoted, updatedAt = excluded.updatedAt
    RETURNING messageId`.execute(db.kysely);
  return rows.length > 0;
}

export async function deleteVote(db: ContentDb, { userId, messageId }: AnswerKey): Promise<void> {
  await db.kysely
    .deleteFrom("votes")
    .where("userId", "=", userId)
    .where("messageId", "=", messageId)
    .execute();
}

/** Lists the user's votes in a chat and whether the chat exists, in one round trip. */
export async function listVotesIn(
  db: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
) {
  const [chats, votes] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select("id")
      .where("userId", "=", userId)
      .where("id", "=", chatId),
    db.kysely
      .selectFrom("messages")
      .innerJoin("votes", (join) =>
        join
          .onRef("votes.userId", "=", "messages.userId")
          .onRef("votes.messageId", "=", "messages.id"),
      )
      .select(["votes.messageId", "votes.isUpvoted"])
      .where("messages.userId", "=", userId)
      .where("messages.chatId", "=", chatId),
  ]);
  return { isThere: chats.length === 1, votes };
}
