/**
 * Which chats are public, and who owns them. Others can read a chat when its owner's database marks
 * it `public` AND the home database maps its id to the owner. Publishing writes home first. So if it
 * is interrupted, a chat that its owner sees as private stays private, and repeating the call
 * completes it.
 */
import type { ContentDb, HomeDb } from "db";
import { contentFor } from "../../../platform/content.ts";
import { type ChatKey, findChat } from "../queries.ts";

export interface PublicChat {
  readonly key: ChatKey;
  readonly content: ContentDb;
  /** The number of that database. */
  readonly contentShard: number;
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
  const { contentShard } = owner;
  return { key: { ...key, objectName: chat.objectName }, content, contentShard, chat };
}

/**
 * Gives a chat's id to its first publisher, for good: neither taking the chat back, nor deleting it,
 * nor the end of the account frees the address, so readers who kept it never meet another chat.
 *
 * @returns false when the id is another user's
 */
export async function claimPublicId(
  home: HomeDb,
  { userId, chatId }: ChatKey,
  now: number,
): Promise<boolean> {
  const claimed = await home.kysely
    .insertInto("publicChats")
    .values({ chatId, userId, createdAt: now })
    .onConflict((conflict) =>
      conflict
        .column("chatId")
        // Changes nothing. A row that is not updated is not returned.
        .doUpdateSet({ chatId })
        .where("publicChats.userId", "=", userId),
    )
    .returning("userId")
    .executeTakeFirst();
  return claimed !== undefined;
}
