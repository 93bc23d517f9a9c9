import { type ContentDb, runBatch, sql, type Visibility, valuesOf } from "db";
import { type ChatObjectKey, chatObjectName } from "../../platform/chat-object.ts";
import { isAfter, type PageRequest } from "../../platform/page.ts";
import { noteChat, noteChats, noteTitle } from "../search/note-changes.ts";
import { type GoneChat, markGone } from "./deletion/gone-chats.ts";

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
 * Deletes a chat, and its messages by ON DELETE CASCADE, and marks its object.
 *
 * @param now epoch milliseconds
 * @returns the chat's object; undefined when there was no such chat
 */
export async function deleteChatRow(
  content: ContentDb,
  { userId, chatId }: ChatKey,
  now: number,
): Promise<GoneChat | undefined> {
  const [, , [deleted]] = await runBatch(content, [
    noteChat(content, { userId, chatId }),
    markGone(userId, valuesOf([chatId]), now),
    content.kysely
      .deleteFrom("chats")
      .where("userId", "=", userId)
      .where("id", "=", chatId)
      .returning("objectName"),
  ]);
  return (
    deleted && { userId, objectName: deleted.objectName ?? chatObjectName({ userId, chatId }) }
  );
}

const dayMs = 24 * 60 * 60 * 1_000;

/** A chat with the number of its messages. */
export interface SizedChat {
  readonly id: string;
  readonly messages: number;
}

/**
 * Lists some of a user's chats with their sizes, in the order of their ids.
 *
 * @param params.createdUntil epoch milliseconds: chats of the day after it are left out. Those with
 *   a still later time have it from a file or another system, and are listed
 */
export async function listSizedChats(
  { kysely }: ContentDb,
  params: { userId: string; createdUntil: number; limit: number },
): Promise<SizedChat[]> {
  const { userId, createdUntil, limit } = params;
  const { rows } = await sql<SizedChat>`
    SELECT id, (SELECT count(*) FROM messages
      WHERE messages.userId = chats.userId AND messages.chatId = chats.id) AS messages
    FROM chats WHERE userId = ${userId} AND (createdAt <= ${createdUntil} OR createdAt > ${createdUntil} + ${dayMs})
    ORDER BY id LIMIT ${limit}`.execute(kysely);
  return rows;
}

/**
 * Deletes chats of a user with their messages, and marks their objects.
 *
 * @param now epoch milliseconds
 * @returns how many were deleted
 */
export async function deleteChatRows(
  content: ContentDb,
  { userId, chatIds, now }: { userId: string; chatIds: readonly string[]; now: number },
): Promise<number> {
  const some = content.kysely
    .selectFrom("chats as some")
    .select("some.id")
    .where("some.userId", "=", userId)
    .where("some.id", "in", valuesOf(chatIds));
  const [, , deleted] = await runBatch(content, [
    noteChats(userId, some),
    markGone(userId, valuesOf(chatIds), now),
    content.kysely
      .deleteFrom("chats")
      .where("userId", "=", userId)
      .where("id", "in", valuesOf(chatIds))
      .returning("id"),
  ]);
  return deleted.length;
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
