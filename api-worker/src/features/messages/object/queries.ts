/** D1 queries of the chat's object, other than those that start or finish a turn. */
import { type ContentDb, runBatch } from "db";
import { noteTitle } from "../../search/note-changes.ts";
import type { ChatKey } from "../queries.ts";
import { findCarriedAnswer, findCarriedChat } from "../turn/carried-chats.ts";
import type { AnswerKey } from "../turn/turn-types.ts";

/** Finds the parts, as JSON, of a turn's answer in D1; undefined when it has none. */
export async function findAnswerParts(
  db: ContentDb,
  turn: AnswerKey & ChatKey,
): Promise<string | undefined> {
  const parts = await findParts(db, turn);
  if (parts !== undefined) return parts;
  const carried = await findCarriedAnswer(db, turn);
  return carried && findParts(db, carried);
}

async function findParts(db: ContentDb, answer: AnswerKey): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom("messages")
    .select("parts")
    .where("userId", "=", answer.userId)
    .where("id", "=", answer.assistantMessageId)
    .where("streamId", "=", answer.turnId)
    .executeTakeFirst();
  return row?.parts;
}

/**
 * Sets a chat's title from the model, unless the owner has named the chat meanwhile.
 *
 * @returns the chat that got the title, which may have moved to an account; undefined when none did
 */
export async function setModelTitle(
  db: ContentDb,
  chat: ChatKey,
  title: string,
): Promise<ChatKey | undefined> {
  if (await setTitle(db, chat, title)) return chat;
  const carried = await findCarriedChat(db, chat);
  return carried && (await setTitle(db, carried, title)) ? carried : undefined;
}

async function setTitle(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  title: string,
): Promise<boolean> {
  const [rows] = await runBatch(db, [
    db.kysely
      .updateTable("chats")
      .set({ title, titleSource: "model" })
      .where("userId", "=", userId)
      .where("id", "=", chatId)
      .where("titleSource", "=", "question")
      .returning("id"),
    noteTitle(db, { userId, chatId }),
  ]);
  return rows.length > 0;
}
