import { type ContentDb, sql } from "db";
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
const stepMaxBytes = 1_500_000;

/**
 * Reads a branch as {@link readBranch} does, newest first, in steps by bytes. The database serves
 * others in between. What is deleted meanwhile is missing.
 */
export async function* readInSteps(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  limit: number,
): AsyncGenerator<StoredMessage[]> {
  let fromId: string | null = messageId;
  let count = 0;
  while (fromId !== null && count < limit) {
    const query = branchQuery(db, key, fromId, limit - count, stepMaxBytes);
    const step: StoredMessage[] = await query.execute();
    yield step;
    count += step.length;
    fromId = step.at(-1)?.parentId ?? null;
  }
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
