/**
 * How the search index learns of changes. A statement that is run in the batch of a change leaves a
 * row in D1; `wakeSearch` tells the owner's search object afterwards that there is one. The object
 * finds the row also without being told: at its next search, or by the cron. Documents are noted by
 * triggers, and nothing wakes the object for them: an editor saves every two seconds, and the index
 * takes only the last of the versions that wait.
 */
import { waitUntil } from "cloudflare:workers";
import { type ContentDb, type Expression, sql } from "db";
import type { Logger } from "../../platform/log.ts";
import { searchObject } from "../../platform/search-object.ts";

interface ChatKey {
  readonly userId: string;
  readonly chatId: string;
}

/** A chat has come or gone with all its messages. */
export function noteChat(db: ContentDb, { userId, chatId }: ChatKey) {
  return db.kysely.insertInto("searchChanges").values({ userId, chatId, scope: "chat" });
}

/** Some chats go. @param chatIds a subquery */
export function noteChats(userId: string, chatIds: Expression<{ id: string }>) {
  return sql`INSERT INTO searchChanges (userId, chatId, scope)
    SELECT ${userId}, id, 'chat' FROM ${chatIds}`;
}

/** A chat has another title. */
export function noteTitle(db: ContentDb, { userId, chatId }: ChatKey) {
  return db.kysely.insertInto("searchChanges").values({ userId, chatId, scope: "title" });
}

/** A chat that was inserted in the same batch at this time has a title; another has it already. */
export function noteTitleOfNewChat({ userId, chatId }: ChatKey, createdAt: number) {
  return sql`INSERT INTO searchChanges (userId, chatId, scope)
    SELECT userId, id, 'title' FROM chats
    WHERE userId = ${userId} AND id = ${chatId} AND createdAt = ${createdAt}`;
}

/** A message has come, or an answer has ended. Notes nothing when there is no such message. */
export function noteMessage({ userId, id }: { readonly userId: string; readonly id: string }) {
  return sql`INSERT INTO searchChanges (userId, chatId, scope, messageId)
    SELECT userId, chatId, 'message', id FROM messages WHERE userId = ${userId} AND id = ${id}`;
}

/** All chats of a user come to another user. To be run while they are still the first one's. */
export function noteMovingChats(fromUserId: string, toUserId: string) {
  return sql`INSERT INTO searchChanges (userId, chatId, scope)
    SELECT ${toUserId}, id, 'chat' FROM chats WHERE userId = ${fromUserId}`;
}

/**
 * Tells the owner's search object that changes wait. Takes no time of the caller, and never throws:
 * the changes wait in D1.
 */
export function wakeSearch(env: Pick<Env, "SEARCH">, log: Logger, userId: string): void {
  const waking = searchObject(env, userId)
    .wake(userId)
    .catch((error: unknown) => {
      log.warn("search.not_woken", { userId, error: String(error) });
    });
  waitUntil(waking);
}
