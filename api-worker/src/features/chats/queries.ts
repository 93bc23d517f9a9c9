import { type ContentDb, runBatch, sql, type Visibility } from "db";
import type { ChatObjectKey } from "../../platform/chat-object.ts";
import { isAfter, type PageRequest } from "../../platform/page.ts";
import { noteChat, noteChats, noteTitle } from "../search/note-changes.ts";

/** The owner is part of a chat's key, so no query here can reach another user's chat. */
export type ChatKey = ChatObjectKey;

const chatColumns = [
  "userId",
  "id",
  "title",
  "visibility",
  "pinnedAt",
  "currentMessageId",
  "createdAt",
  "updatedAt",
  "objectName",
] as const;

/**
 * Builds the query for a page of a user's chats, last used first.
 *
 * @param params.pinned false: only chats that are not pinned; undefined: all
 */
export function listChatsQuery(
  content: ContentDb,
  params: ChatListPage & { readonly pinned?: false | undefined },
) {
  return chatsOf(content, params, "updatedAt").$if(params.pinned === false, (query) =>
    query.where("pinnedAt", "is", null),
  );
}

/** Builds the query for a page of a user's pinned chats, last pinned first. */
export function listPinnedChatsQuery(content: ContentDb, params: ChatListPage) {
  return chatsOf(content, params, "pinnedAt").where("pinnedAt", "is not", null);
}

interface ChatListPage extends PageRequest {
  readonly userId: string;
}

function chatsOf(
  content: ContentDb,
  { userId, limit, after }: ChatListPage,
  time: "updatedAt" | "pinnedAt",
) {
  const page = content.kysely
    .selectFrom("chats")
    .select(chatColumns)
    .where("userId", "=", userId)
    .where("arrivingSince", "is", null)
    .orderBy(time, "desc")
    .orderBy("id", "desc")
    .limit(limit);
  return after === null ? page : page.where(isAfter([time, "id"], after));
}

export function findChat(content: ContentDb, { userId, chatId }: ChatKey) {
  return content.kysely
    .selectFrom("chats")
    .select(chatColumns)
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .where("arrivingSince", "is", null)
    .executeTakeFirst();
}

/** Sets the owner's title of a chat. A title from a model never replaces it. */
export async function updateChatTitle(content: ContentDb, key: ChatKey, title: string) {
  const [chats] = await runBatch(content, [
    content.kysely
      .updateTable("chats")
      .set({ title, titleSource: "owner" })
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId)
      .returning(chatColumns),
    noteTitle(content, key),
  ]);
  return chats[0];
}

/**
 * @param pinnedAt epoch milliseconds; null unpins. A chat that is already pinned keeps its time.
 */
export function updateChatPin(
  content: ContentDb,
  { userId, chatId }: ChatKey,
  pinnedAt: number | null,
) {
  return content.kysely
    .updateTable("chats")
    .set({ pinnedAt: pinnedAt === null ? null : sql`coalesce(pinnedAt, ${pinnedAt})` })
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .returning(chatColumns)
    .executeTakeFirst();
}

export function updateChatVisibility(
  content: ContentDb,
  { userId, chatId }: ChatKey,
  visibility: Visibility,
) {
  return content.kysely
    .updateTable("chats")
    .set({ visibility })
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .returning(chatColumns)
    .executeTakeFirst();
}

/**
 * Deletes a chat, and its messages by ON DELETE CASCADE.
 *
 * @returns the chat's key; undefined when there was none
 */
export async function deleteChatRow(
  content: ContentDb,
  { userId, chatId }: ChatKey,
): Promise<ChatKey | undefined> {
  const [, [deleted]] = await runBatch(content, [
    noteChat(content, { userId, chatId }),
    content.kysely
      .deleteFrom("chats")
      .where("userId", "=", userId)
      .where("id", "=", chatId)
      .returning("objectName"),
  ]);
  return deleted && { userId, chatId, objectName: deleted.objectName };
}

/**
 * Deletes some of a user's chats with their messages.
 *
 * @param params.createdUntil epoch milliseconds: later chats stay
 * @returns the deleted chats; empty when none were left
 */
export async function deleteSomeChats(
  content: ContentDb,
  params: { userId: string; createdUntil: number; limit: number },
): Promise<{ id: string; objectName: string | null }[]> {
  const { userId, createdUntil, limit } = params;
  const some = content.kysely
    .selectFrom("chats as some")
    .select("some.id")
    .where("some.userId", "=", userId)
    .where("some.createdAt", "<=", createdUntil)
    .orderBy("some.id")
    .limit(limit);
  const [, deleted] = await runBatch(content, [
    noteChats(userId, some),
    content.kysely
      .deleteFrom("chats")
      .where("userId", "=", userId)
      .where("id", "in", some)
      .returning(["id", "objectName"]),
  ]);
  return deleted;
}

/** Lists the user's chats with a live answer. Served by an index of live answers alone. */
export async function listGeneratingChats(db: ContentDb, userId: string): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom("messages")
    .select("chatId")
    .distinct()
    .where("userId", "=", userId)
    .where("status", "=", "streaming")
    .execute();
  return rows.map(({ chatId }) => chatId);
}

/** Lists an owner's public chats with an answer in progress. */
export function listGeneratingPublicChats(db: ContentDb, userId: string): Promise<ChatKey[]> {
  return db.kysely
    .selectFrom("messages")
    .innerJoin("chats", (join) =>
      join.onRef("chats.userId", "=", "messages.userId").onRef("chats.id", "=", "messages.chatId"),
    )
    .select(["chats.userId", "chats.id as chatId", "chats.objectName"])
    .distinct()
    .where("messages.userId", "=", userId)
    .where("messages.status", "=", "streaming")
    .where("chats.visibility", "=", "public")
    .execute();
}
