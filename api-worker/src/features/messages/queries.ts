/** Queries over the tree of a chat's messages: its branches, and which one is shown. */
import { type ContentDb, type MessageRow, runBatch, sql } from "db";
import { limits } from "../../contracts/limits.ts";
import type { ChatObjectKey } from "../../platform/chat-object.ts";

const messageColumns = [
  "id",
  "chatId",
  "parentId",
  "role",
  "parts",
  "status",
  "modelId",
  "streamId",
  "inputTokens",
  "outputTokens",
  "errorCode",
  "createdAt",
  "finishedAt",
] as const;

export type StoredMessage = Omit<MessageRow, "userId">;

export type ChatKey = ChatObjectKey;

/**
 * Builds the query for the branch that ends at `leafId`, newest first. Walks from each message to
 * its parent along the primary key.
 *
 * @param limit messages at most
 * @param maxBytes of the messages' parts at most, except that the first message always counts as
 *   fitting
 */
export function branchQuery(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  leafId: LeafId,
  limit: number,
  maxBytes?: number,
) {
  const fits =
    maxBytes === undefined
      ? sql<boolean>`1`
      : sql<boolean>`branch.bytes + octet_length(messages.parts) <= ${maxBytes}`;
  return db.kysely
    .withRecursive("branch", (qb) =>
      qb
        .selectFrom("messages")
        .select([
          ...messageColumns,
          sql<number>`0`.as("depth"),
          sql<number>`octet_length(parts)`.as("bytes"),
        ])
        .where("userId", "=", userId)
        .where("chatId", "=", chatId)
        .where("id", "=", leafId)
        .unionAll(
          qb
            .selectFrom("branch")
            .innerJoin("messages", "messages.id", "branch.parentId")
            .select([
              ...messageColumns.map((column) => `messages.${column}` as const),
              sql<number>`branch.depth + 1`.as("depth"),
              sql<number>`branch.bytes + octet_length(messages.parts)`.as("bytes"),
            ])
            .where("messages.userId", "=", userId)
            .where("branch.depth", "<", limit - 1)
            .where(fits),
        ),
    )
    .selectFrom("branch")
    .select(messageColumns)
    .orderBy("depth");
}

/** A message with the ids of all its versions, oldest first, as a JSON array. */
export type ListedMessage = StoredMessage & { readonly siblingIds: string };

function siblingIds({ userId, chatId }: ChatKey) {
  // The siblings of a first message have no parent: they are the chat's other first messages. Two
  // subqueries, so that each has an index.
  const ids = sql`SELECT json_group_array(id ORDER BY createdAt, id) FROM messages AS sibling
    WHERE sibling.userId = ${userId}`;
  return sql<string>`CASE WHEN branch.parentId IS NULL
    THEN (${ids} AND sibling.chatId = ${chatId} AND sibling.parentId IS NULL)
    ELSE (${ids} AND sibling.parentId = branch.parentId) END`.as("siblingIds");
}

export type LeafId = string | ReturnType<typeof shownLeaf>;

/** The leaf that a chat shows, as a subquery. */
export function shownLeaf(db: ContentDb, { userId, chatId }: ChatKey) {
  return db.kysely
    .selectFrom("chats")
    .select("currentMessageId")
    .where("userId", "=", userId)
    .where("id", "=", chatId);
}

/**
 * Reads a page of a chat's shown branch, newest first, and the chat's key if it exists, in one
 * round trip. The page ends by its messages or by their bytes.
 *
 * @param fromId the newest message of the page; the shown leaf when null
 */
export async function listBranch(
  db: ContentDb,
  key: ChatKey,
  fromId: string | null,
  limit: number,
): Promise<{ key: ChatKey | undefined; messages: ListedMessage[] }> {
  const [chats, messages] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select("objectName")
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId)
      .where("arrivingSince", "is", null),
    branchQuery(db, key, fromId ?? shownLeaf(db, key), limit, limits.messagesPageMaxBytes).select(
      siblingIds(key),
    ),
  ]);
  return { key: chats[0] && { ...key, ...chats[0] }, messages };
}

/** Finds the key of a chat with its object's name; undefined when there is no such chat. */
export async function findChatKey(
  db: ContentDb,
  { userId, chatId }: ChatKey,
): Promise<ChatKey | undefined> {
  const row = await db.kysely
    .selectFrom("chats")
    .select("objectName")
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .executeTakeFirst();
  return row && { userId, chatId, objectName: row.objectName };
}

/** Lists the turns of an owner that have not ended, as far as D1 knows. */
export async function listOpenTurns(db: ContentDb, userId: string) {
  const rows = await db.kysely
    .selectFrom("messages")
    .select(["chatId", "streamId"])
    .where("userId", "=", userId)
    .where("status", "=", sql.lit("streaming"))
    .execute();
  return rows.flatMap(({ chatId, streamId }) => (streamId === null ? [] : [{ chatId, streamId }]));
}

/** Finds the answer of a turn in D1; undefined when there is none. */
export async function findAnswer(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  streamId: string,
): Promise<StoredMessage | undefined> {
  return db.kysely
    .selectFrom("messages")
    .select(messageColumns)
    .where("userId", "=", userId)
    .where("streamId", "=", streamId)
    .where("chatId", "=", chatId)
    .executeTakeFirst();
}

/**
 * Shows the branch through a message. Below the message it follows the newest children.
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
