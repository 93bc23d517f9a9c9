/**
 * Chats that came from a guest: the chat's object goes on under the guest's name, and what it makes
 * belongs to the account. A caller that finds nothing under the name that a turn began with looks here.
 */
import type { ContentDb } from "db";
import { type ChatObjectKey, chatObjectName } from "../../../platform/chat-object.ts";
import type { AnswerKey } from "./turn-types.ts";

/** The chat that an object's chat has become; undefined when it was not carried over. */
export async function findCarriedChat(
  db: ContentDb,
  chat: ChatObjectKey,
): Promise<ChatObjectKey | undefined> {
  const objectName = chatObjectName(chat);
  const row = await db.kysely
    .selectFrom("chats")
    .select(["userId", "id as chatId"])
    .where("objectName", "=", objectName)
    .executeTakeFirst();
  return row && { ...row, objectName };
}

/** The answer of a turn that began before its chat was carried over, with the chat it is in now. */
export async function findCarriedAnswer(
  db: ContentDb,
  turn: ChatObjectKey & { readonly turnId: string },
): Promise<(AnswerKey & ChatObjectKey) | undefined> {
  const { turnId } = turn;
  const chat = await findCarriedChat(db, turn);
  if (!chat) return undefined;
  const row = await db.kysely
    .selectFrom("messages")
    .select("id as assistantMessageId")
    .where("userId", "=", chat.userId)
    .where("streamId", "=", turnId)
    .executeTakeFirst();
  return row && { ...chat, ...row, turnId };
}
