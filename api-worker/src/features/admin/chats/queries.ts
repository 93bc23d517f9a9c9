import { type ContentDb, type MessageStatus, runBatch, sql } from "db";
import { isAfter, type PageKey, type PageRequest } from "../../../platform/page.ts";

export interface ChatFilter {
  readonly userId?: string | undefined;
  readonly chatId?: string | undefined;
  readonly title?: string | undefined;
  readonly status?: MessageStatus | undefined;
  readonly modelId?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

const chatColumns = [
  "chats.userId",
  "chats.id",
  "chats.title",
  "chats.visibility",
  "chats.currentMessageId",
  "chats.objectName",
  "chats.createdAt",
  "chats.updatedAt",
] as const;

/** Selects chats with the status and the model of the last message that each shows. */
function selectChats(content: ContentDb) {
  return content.kysely
    .selectFrom("chats")
    .leftJoin("messages", (join) =>
      join
        .onRef("messages.userId", "=", "chats.userId")
        .onRef("messages.id", "=", "chats.currentMessageId"),
    )
    .select([...chatColumns, "messages.status", "messages.modelId"])
    .where("chats.arrivingSince", "is", null);
}

/**
 * Looks at chats of one content database, last used first.
 *
 * @param page its limit bounds what is looked at, so that a rare match costs no scan
 * @returns the chats, with `isMatch` for those that the whole filter matches
 */
export function lookAtChats(
  content: ContentDb,
  { userId, chatId, title, status, modelId, from, until }: ChatFilter,
  { after, limit }: PageRequest,
) {
  const ofChat = sql`SELECT 1 FROM messages AS one
    WHERE one.userId = chats.userId AND one.chatId = chats.id`;
  const isMatch = sql<number>`(${title === undefined ? sql`1` : sql`instr(lower(chats.title), lower(${title})) > 0`}
    AND ${status === undefined ? sql`1` : sql`EXISTS (${ofChat} AND one.status = ${status})`}
    AND ${modelId === undefined ? sql`1` : sql`EXISTS (${ofChat} AND one.modelId = ${modelId})`})`;
  return selectChats(content)
    .select(isMatch.as("isMatch"))
    .$if(userId !== undefined, (query) => query.where("chats.userId", "=", userId ?? ""))
    .$if(chatId !== undefined, (query) => query.where("chats.id", "=", chatId ?? ""))
    .$if(from !== undefined, (query) => query.where("chats.updatedAt", ">=", from ?? 0))
    .$if(until !== undefined, (query) => query.where("chats.updatedAt", "<", until ?? 0))
    .$if(after !== null, (query) =>
      query.where(isAfter(["chats.updatedAt", "chats.id"], after as PageKey)),
    )
    .orderBy("chats.updatedAt", "desc")
    .orderBy("chats.id", "desc")
    .limit(limit)
    .execute();
}

/** A chat that was looked at, with whether the filter matches it. */
export type LookedAtChat = Awaited<ReturnType<typeof lookAtChats>>[number];

export type SeenChat = Omit<LookedAtChat, "isMatch">;

interface ChatKey {
  readonly userId: string;
  readonly chatId: string;
}

/** Finds a chat; undefined when the user has no such chat. */
export function findSeenChat(
  content: ContentDb,
  { userId, chatId }: ChatKey,
): Promise<SeenChat | undefined> {
  return selectChats(content)
    .where("chats.userId", "=", userId)
    .where("chats.id", "=", chatId)
    .executeTakeFirst();
}

/** Documents and files of a chat that are shown, at most. */
const thingsShown = 100;

/** Lists the documents and files of a chat, in one round trip. */
export function listThings(content: ContentDb, { userId, chatId }: ChatKey) {
  const inChat = content.kysely
    .selectFrom("messages")
    .innerJoin("messageFiles", (join) =>
      join
        .onRef("messageFiles.userId", "=", "messages.userId")
        .onRef("messageFiles.messageId", "=", "messages.id"),
    )
    .select("messageFiles.uploadId")
    .where("messages.userId", "=", userId)
    .where("messages.chatId", "=", chatId);
  return runBatch(content, [
    content.kysely
      .selectFrom("documents")
      .select(["id", "kind", "title", "version", "updatedAt"])
      .where("userId", "=", userId)
      .where("chatId", "=", chatId)
      .orderBy("updatedAt", "desc")
      .orderBy("id", "desc")
      .limit(thingsShown),
    content.kysely
      .selectFrom("uploads")
      .select(["id", "name", "mediaType", "bytes", "createdAt"])
      .where("userId", "=", userId)
      .where("id", "in", inChat)
      .where("state", "=", "ready")
      .limit(thingsShown),
  ]);
}

/** Finds the place of a message among those of its chat; undefined when the chat has no such message. */
export async function findMessageKey(
  content: ContentDb,
  { userId, chatId, messageId }: ChatKey & { readonly messageId: string },
): Promise<PageKey | undefined> {
  const found = await content.kysely
    .selectFrom("messages")
    .select(["createdAt", "id"])
    .where("userId", "=", userId)
    .where("id", "=", messageId)
    .where("chatId", "=", chatId)
    .executeTakeFirst();
  return found && [found.createdAt, found.id];
}

/**
 * Lists a page of a chat's messages of all branches, oldest first.
 *
 * @param first the place of the first message of a first page; null for the beginning of the chat
 */
export function listTree(
  content: ContentDb,
  { userId, chatId }: ChatKey,
  { after, limit, first }: PageRequest & { readonly first: PageKey | null },
) {
  const query = content.kysely
    .selectFrom("messages")
    .select([
      "id",
      "parentId",
      "role",
      "status",
      "modelId",
      "streamId",
      "inputTokens",
      "outputTokens",
      "errorCode",
      "createdAt",
      "finishedAt",
      "parts",
    ])
    .where("userId", "=", userId)
    .where("chatId", "=", chatId)
    .orderBy("createdAt")
    .orderBy("id")
    .limit(limit);
  if (after !== null) return query.where(isAfter(["createdAt", "id"], after, "asc")).execute();
  if (first === null) return query.execute();
  return query.where(sql<boolean>`(createdAt, id) >= (${first[0]}, ${first[1]})`).execute();
}
