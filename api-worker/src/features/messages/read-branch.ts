import { type ContentDb, sql } from "db";
import { breathe } from "../../platform/breathe.ts";
import { branchQuery, type ChatKey, type StoredMessage } from "./queries.ts";

export type { StoredMessage } from "./queries.ts";

/**
 * Reads the branch that ends with a message, newest first; empty when the chat has no such message.
 */
export function readBranch(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  limit: number,
): Promise<StoredMessage[]> {
  return branchQuery(db, key, messageId, limit).execute();
}

/** Bytes of parts that one query reads of a long branch. */
const stepMaxBytes = 3_000_000;

/**
 * Reads a branch as {@link readBranch} does, in steps by bytes, so that the database serves others
 * in between. What is deleted meanwhile is missing.
 */
export async function readLongBranch(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  limit: number,
): Promise<StoredMessage[]> {
  const branch: StoredMessage[] = [];
  let fromId: string | null = messageId;
  while (fromId !== null && branch.length < limit) {
    const step: StoredMessage[] = await branchQuery(
      db,
      key,
      fromId,
      limit - branch.length,
      stepMaxBytes,
    ).execute();
    branch.push(...step);
    fromId = step.at(-1)?.parentId ?? null;
    await breathe();
  }
  return branch;
}

/**
 * Counts the messages of the branch that ends at a message, and the bytes of their parts, which are
 * not read.
 *
 * @param limit messages at most
 */
export async function measureBranch(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  leafId: string,
  limit: number,
): Promise<{ messages: number; bytes: number }> {
  const { rows } = await sql<{ messages: number; bytes: number }>`
    WITH RECURSIVE branch (parentId, bytes, depth) AS (
      SELECT parentId, octet_length(parts), 1 FROM messages
        WHERE userId = ${userId} AND chatId = ${chatId} AND id = ${leafId}
      UNION ALL
      SELECT messages.parentId, octet_length(messages.parts), branch.depth + 1
        FROM branch
        CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = branch.parentId
        WHERE branch.depth < ${limit}
    )
    SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM branch`.execute(db.kysely);
  return rows[0] ?? { messages: 0, bytes: 0 };
}
