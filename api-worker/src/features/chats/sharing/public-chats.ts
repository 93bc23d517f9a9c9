/**
 * Which chats are public, and whose they are. A chat is readable by others when its owner's
 * database says `public` AND the home database leads to it. Publishing writes home first, and
 * taking back writes home last: whatever is cut off in between, anonymous reads a chat that its owner
 * sees as private, and doing it again completes it.
 */
import { type ContentDb, type HomeDb, valuesOf } from "db";
import { contentFor } from "../../../platform/content.ts";
import { type ChatKey, findChat } from "../queries.ts";

export interface PublicChat {
  readonly key: ChatKey;
  readonly content: ContentDb;
  readonly chat: NonNullable<Awaited<ReturnType<typeof findChat>>>;
}

/** A public chat by its id alone; undefined when there is none, or its owner is disabled. */
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
 * Lets a chat's id lead to this owner. A place that was left behind by an owner whose chat is not
 * public (any more) is free.
 *
 * @returns false when another user has a public chat of this id
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

/** Lets ids lead nowhere, after their chats have become private or are deleted. */
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
