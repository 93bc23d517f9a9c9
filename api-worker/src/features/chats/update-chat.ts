import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { ChatOutput, chatPinInput, chatRenameInput } from "../../contracts/chats.ts";
import { systemClock } from "../../platform/clock.ts";
import { publishNews } from "../news/news.ts";
import { updateChatPin, updateChatTitle } from "./queries.ts";

/**
 * Sets the title that the owner chose for a chat.
 *
 * @returns undefined when the owner has no such chat
 */
export async function renameChat(
  owner: OwnerContext,
  { chatId, title }: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput | undefined> {
  const { env, content, log, userId } = owner;
  const renamed = await updateChatTitle(content, { userId, chatId }, title);
  if (renamed) {
    await publishNews(env, log, userId, { type: "titled", chatId, title: renamed.title });
  }
  return renamed;
}

/**
 * Pins a chat, or unpins it.
 *
 * @returns undefined when the owner has no such chat
 */
export async function pinChat(
  owner: OwnerContext,
  { chatId, pinned }: z.infer<typeof chatPinInput>,
): Promise<ChatOutput | undefined> {
  const { env, content, log, userId } = owner;
  const pinnedAt = pinned ? systemClock() : null;
  const chat = await updateChatPin(content, { userId, chatId }, pinnedAt);
  if (chat) await publishNews(env, log, userId, { type: "changed", chatId });
  return chat;
}
