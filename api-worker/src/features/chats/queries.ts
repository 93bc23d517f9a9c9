import type { ContentDb } from "db";

/** A chat is named by its owner and its id: no query here can reach another user's. */
export interface ChatKey {
  readonly userId: string;
  readonly chatId: string;
}

/** Sort key of the list: the last used first. */
export interface ChatListKey {
  readonly updatedAt: number;
  readonly id: string;
}

const chatColumns = [
  "userId",
  "id",
  "title",
  "visibility",
  "pinnedAt",
  "currentMessageId",
  "createdAt",
  "updatedAt",
] as const;

/**
 * One page of a user's chats. A builder, so that a test can look at its plan.
 *
 * @param params.after sort key of the last chat of the page before
 */
export function listChatsQuery(
  content: ContentDb,
  params: { userId: string; limit: number; after: ChatListKey | null },
) {
  const { userId, limit, after } = params;
  return content.kysely
    .selectFrom("chats")
    .select(chatColumns)
    .where("userId", "=", userId)
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb(eb.refTuple("updatedAt", "id"), "<", eb.tuple(after?.updatedAt ?? 0, after?.id ?? "")),
      ),
    )
    .orderBy("updatedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit);
}

export function findChat(content: ContentDb, { userId, chatId }: ChatKey) {
  return content.kysely
    .selectFrom("chats")
    .select(chatColumns)
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .executeTakeFirst();
}

/** Gives a chat the owner's title, which no later one from a model replaces. */
export function updateChatTitle(content: ContentDb, { userId, chatId }: ChatKey, title: string) {
  return content.kysely
    .updateTable("chats")
    .set({ title, titleSource: "owner" })
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .returning(chatColumns)
    .executeTakeFirst();
}

/**
 * Deletes a chat; its messages go with it by ON DELETE CASCADE.
 *
 * @returns whether there was one
 */
export async function deleteChatRow(
  content: ContentDb,
  { userId, chatId }: ChatKey,
): Promise<boolean> {
  const deleted = await content.kysely
    .deleteFrom("chats")
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .returning("id")
    .executeTakeFirst();
  return deleted !== undefined;
}

/**
 * Deletes some of a user's chats with their messages. A builder, so that a test can look at its
 * plan.
 *
 * @param params.createdUntil epoch ms: chats made later stay
 * @returns the ids of the chats that are gone; none when there were none left
 */
export function deleteSomeChatsQuery(
  content: ContentDb,
  params: { userId: string; createdUntil: number; limit: number },
) {
  const { userId, createdUntil, limit } = params;
  const some = content.kysely
    .selectFrom("chats as some")
    .select("some.id")
    .where("some.userId", "=", userId)
    .where("some.createdAt", "<=", createdUntil)
    .limit(limit);
  return content.kysely
    .deleteFrom("chats")
    .where("userId", "=", userId)
    .where("id", "in", some)
    .returning("id");
}

/** The user's chats in which an answer is under way, by an index that holds nothing else. */
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
