import { type ContentDb, runBatch, sql, valuesOf } from "db";
import type { MessageStatus } from "../../contracts/messages.ts";
import type { ExportedChat, ExportedMessage } from "../../contracts/transfer.ts";

/** A chat without its messages, in the form of an export file. */
export type ChatHead = Omit<ExportedChat, "messages" | "documents">;

const headColumns = [
  "id",
  "title",
  "titleSource",
  "pinnedAt",
  "createdAt",
  "updatedAt",
  "currentMessageId",
] as const;

/** A chat that is written to a file next. */
export interface NextChat {
  readonly head: ChatHead;
  readonly messageCount: number;
  readonly hasDocuments: boolean;
}

/** Lists the user's chats in the order of their ids. */
export async function listNextChats(
  { kysely }: ContentDb,
  { userId, afterId, limit }: { userId: string; afterId: string; limit: number },
): Promise<NextChat[]> {
  const rows = await kysely
    .selectFrom("chats")
    .select(headColumns)
    .select([
      sql<number>`(SELECT count(*) FROM messages
        WHERE messages.userId = chats.userId AND messages.chatId = chats.id)`.as("messageCount"),
      sql<0 | 1>`EXISTS (SELECT 1 FROM documents
        WHERE documents.userId = chats.userId AND documents.chatId = chats.id)`.as("hasDocuments"),
    ])
    .where("userId", "=", userId)
    .where("id", ">", afterId)
    .where("arrivingSince", "is", null)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ messageCount, hasDocuments, ...head }) => ({
    head,
    messageCount,
    hasDocuments: hasDocuments === 1,
  }));
}

export function findChatHead(db: ContentDb, { userId, chatId }: ChatKey) {
  return db.kysely
    .selectFrom("chats")
    .select(headColumns)
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .where("arrivingSince", "is", null)
    .executeTakeFirst();
}

interface ChatKey {
  readonly userId: string;
  readonly chatId: string;
}

/** A message with its owner's vote, in the form of an export file. */
export interface TreeRow extends Omit<ExportedMessage, "parts" | "status" | "vote"> {
  /** JSON, like the column. */
  readonly parts: string;
  readonly status: MessageStatus;
  readonly isUpvoted: 0 | 1 | null;
}

const treeColumns = sql`messages.id, parentId, role, parts, status, modelId, inputTokens,
  outputTokens, errorCode, isUpvoted, messages.createdAt, finishedAt`;
const withVotes = sql`LEFT JOIN votes
  ON votes.userId = messages.userId AND votes.messageId = messages.id`;

/** Lists all messages of a chat on all branches, oldest first. */
export async function listTree(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  after: { readonly createdAt: number; readonly id: string } | null,
  limit: number,
): Promise<TreeRow[]> {
  const { rows } = await sql<TreeRow>`
    SELECT ${treeColumns} FROM messages ${withVotes}
    WHERE messages.userId = ${userId} AND messages.chatId = ${chatId}
      AND (messages.createdAt, messages.id) > (${after?.createdAt ?? -1}, ${after?.id ?? ""})
    ORDER BY messages.createdAt, messages.id
    LIMIT ${limit}`.execute(db.kysely);
  return rows;
}

/** Rows of several chats that are read at once, and bytes of their parts after which they end. */
const treesRows = 2_000;
const treesBytes = 1_000_000;

/**
 * Lists the messages of several chats, chat by chat like {@link listTree}, as many as are read at
 * once.
 *
 * @param chatIds the first and the last id
 */
export async function listTrees(
  db: ContentDb,
  userId: string,
  chatIds: readonly [string, string],
): Promise<(TreeRow & { readonly chatId: string })[]> {
  const [firstId, lastId] = chatIds;
  const { rows } = await sql<TreeRow & { chatId: string }>`
    WITH page AS (
      SELECT chatId, createdAt, id, octet_length(parts) AS bytes FROM messages
      WHERE userId = ${userId} AND chatId BETWEEN ${firstId} AND ${lastId}
      ORDER BY chatId, createdAt, id LIMIT ${treesRows}
    ), sized AS (
      SELECT page.*, sum(bytes) OVER (
          ORDER BY chatId, createdAt, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS bytesBefore
      FROM page
    )
    SELECT sized.chatId, ${treeColumns}
    FROM sized
    CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = sized.id
    ${withVotes}
    WHERE coalesce(sized.bytesBefore, 0) < ${treesBytes}
    ORDER BY sized.chatId, sized.createdAt, sized.id`.execute(db.kysely);
  return rows;
}

/** A message of a branch, with its distance from the end of the branch. */
export interface BranchRow extends Pick<TreeRow, "role" | "parts" | "status"> {
  readonly depth: number;
}

/**
 * Reads the branch that ends with a message, oldest first.
 *
 * @param beforeDepth only messages nearer to the end than this depth; null for all
 */
export async function listBranchDown(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  leafId: string,
  beforeDepth: number | null,
  limit: number,
): Promise<BranchRow[]> {
  const { rows } = await sql<BranchRow>`
    WITH RECURSIVE branch (id, parentId, depth) AS (
      SELECT id, parentId, 0 FROM messages
        WHERE userId = ${userId} AND chatId = ${chatId} AND id = ${leafId}
      UNION ALL
      SELECT messages.id, messages.parentId, depth + 1
        FROM branch
        CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = branch.parentId
    )
    SELECT page.depth, role, parts, status
      FROM (
        SELECT id, depth FROM branch WHERE depth < ${beforeDepth ?? Number.MAX_SAFE_INTEGER}
          ORDER BY depth DESC LIMIT ${limit}
      ) AS page
      CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = page.id
      ORDER BY page.depth DESC`.execute(db.kysely);
  return rows;
}

/** Finds those of the given ids that the user's chats and messages already have. */
export async function findTakenIds(
  db: ContentDb,
  userId: string,
  chatId: string,
  messageIds: readonly string[],
): Promise<{ isChatTaken: boolean; isMessageTaken: boolean }> {
  const [chats, messages] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select("id")
      .where("userId", "=", userId)
      .where("id", "=", chatId),
    db.kysely
      .selectFrom("messages")
      .select("id")
      .where("userId", "=", userId)
      .where("id", "in", valuesOf(messageIds))
      .limit(1),
  ]);
  return { isChatTaken: chats.length > 0, isMessageTaken: messages.length > 0 };
}

/** Lists the chats that an import has saved. Its keys start with its id and a slash. */
export async function listImported(
  db: ContentDb,
  userId: string,
  importId: string,
): Promise<{ importKey: string; chatId: string; title: string; messageCount: number }[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof listImported>>[number]>`
    SELECT importKey, id AS chatId, title,
      (SELECT count(*) FROM messages
        WHERE messages.userId = chats.userId AND messages.chatId = chats.id) AS messageCount
    FROM chats
    WHERE userId = ${userId} AND importKey > ${`${importId}/`} AND importKey < ${`${importId}0`}
      AND importKey IS NOT NULL`.execute(db.kysely);
  return rows;
}
