/**
 * Which chats are public, and who owns them. Others can read a chat when its owner's database marks
 * it `public` AND the home database maps its id to the owner. Publishing writes home first, and
 * unpublishing writes home last. So if either is interrupted, a chat that its owner sees as private
 * stays private, and repeating the call completes it.
 */
import { type ContentDb, type HomeDb, valuesOf } from "db";
import { contentFor } from "../../../platform/content.ts";
import { type ChatKey, findChat } from "../queries.ts";

export interface PublicChat {
  readonly key: ChatKey;
  readonly content: ContentDb;
  readonly chat: NonNullable<Awaited<ReturnType<typeof findChat>>>;
}

/** Finds a public chat by its id alone; undefined when there is none, or its owner is disabled. */
export async function findPublicChat(
  env: Env,
  home: HomeDb,
  chatId: string,
): Promise<PublicChat | undefined> {
  const owner = await home.kysely
    .selectFrom("publicChats")
    .innerJoin("users", "users.id", "publicChats.userId")
    .select(["users.id", "users.contentShard"])
    .where("publicChats.chatId", "=", chatId)
    .where("users.disabledAt", "is", null)
    .executeTakeFirst();
  if (!owner) return undefined;
  const key = { userId: owner.id, chatId };
  const content = contentFor(env, owner);
  const chat = await findChat(content, key);
  if (chat?.visibility !== "public") return undefined;
  return { key: { ...key, objectName: chat.objectName }, content, chat };
}

/**
 * Maps a chat's id to this owner. Replaces the entry of an owner whose chat is no longer public.
 *
 * @returns false when another user has a public chat with this id
 */
export async function claimPublicId(
  env: Env,
  home: HomeDb,
  { userId, chatId }: ChatKey,
  now: number,
): Promise<boolean> {
  const other = await findPublicChat(env, home, chatId);
  if (other && other.key.userId !== userId) return false;
  await home.kysely
    .insertInto("publicChats")
    .values({ chatId, userId, createdAt: now })
    .onConflict((conflict) =>
      conflict
        .column("chatId")
        .doUpdateSet({ userId, createdAt: now })
        .where("publicChats.userId", "!=", userId),
    )
    .execute();
  return true;
}

/** Removes the mapping of ids whose chats have become private or were deleted. */
export async function releasePublicIds(
  home: HomeDb,
  userId: string,
  chatIds: readonly string[],
): Promise<void> {
  await home.kysely
    .deleteFrom("publicChats")
    .where("userId", "=", userId)
    .where("chatId", "in", valuesOf(chatIds))
    .execute();
}
