/**
 * Chats that came from a guest. The chat's object keeps the guest's name, and what it writes
 * belongs to the account. A caller that finds no chat under the name that a turn started with looks
 * here.
 */
import type { ContentDb } from "db";
import { type ChatObjectKey, chatObjectName } from "../../../platform/chat-object.ts";
import type { AnswerKey } from "./turn-types.ts";

/** Finds the account's chat that a guest's chat became; undefined when it has not moved. */
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

/**
 * Finds the answer of a turn that started before its chat moved to an account, with its present
 * chat.
 */
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

/**
 * Runs something for the chat of a turn, and again for the account's chat that it became, if the
 * first run finds nothing. The chat and its messages may have new ids there.
 *
 * @returns the first result that is not null
 */
export async function inPresentChat<Result>(
  db: ContentDb,
  turn: AnswerKey & ChatObjectKey,
  run: (chat: AnswerKey & ChatObjectKey) => Promise<Result | null>,
): Promise<Result | null> {
  const found = await run(turn);
  if (found !== null) return found;
  const carried = await findCarriedAnswer(db, turn);
  return carried ? await run(carried) : null;
}
