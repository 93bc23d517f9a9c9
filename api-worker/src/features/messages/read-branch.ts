import type { ContentDb } from "db";
import { branchQuery, type ChatKey, type StoredMessage } from "./queries.ts";

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
