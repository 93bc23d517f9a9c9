import type { z } from "zod";
import type { OwnerContext } from "../../../context.ts";
import type { ChatOutput, chatVisibilityInput } from "../../../contracts/chats.ts";
import { AppError } from "../../../errors.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { systemClock } from "../../../platform/clock.ts";
import { publishNews } from "../../news/news.ts";
import {
  type ChatKey,
  findChat,
  listGeneratingPublicChats,
  updateChatVisibility,
} from "../queries.ts";
import { claimPublicId } from "./public-chats.ts";

/**
 * Makes a chat readable by anyone with its address, or by its owner alone. Safe to call again.
 *
 * @returns undefined when the owner has no such chat
 * @throws AppError CONFLICT when another user was the first to publish a chat with this id
 */
export async function setChatVisibility(
  owner: OwnerContext,
  { chatId, visibility }: z.infer<typeof chatVisibilityInput>,
): Promise<ChatOutput | undefined> {
  const { env, home, content, log, userId } = owner;
  const key = { userId, chatId };
  if (visibility === "public") {
    if (!(await findChat(content, key))) return undefined;
    if (!(await claimPublicId(home, key, systemClock()))) {
      throw new AppError(
        "CONFLICT",
        "This address belongs to another shared chat. Make a copy of your chat and share the copy.",
      );
    }
  }
  const chat = await updateChatVisibility(content, key, visibility);
  if (!chat) return undefined;
  await Promise.all([
    visibility === "private" && dropReaders(owner, { ...key, objectName: chat.objectName }),
    publishNews(env, log, userId, { type: "changed", chatId }),
  ]);
  return chat;
}

/**
 * Disconnects the readers of all answers in progress of an owner whose shared chats are hidden now.
 *
 * @throws what D1 throws
 */
export async function dropPublicReaders(owner: OwnerContext): Promise<void> {
  const chats = await listGeneratingPublicChats(owner.content, owner.userId);
  await Promise.all(chats.map((key) => dropReaders(owner, key)));
}

/**
 * Disconnects the readers of a chat's live answer, because some of them may no longer read it. Never
 * throws: without this, they are refused at the next event.
 */
async function dropReaders({ env, log }: OwnerContext, key: ChatKey): Promise<void> {
  try {
    await chatObject(env, key).dropReaders();
  } catch (error) {
    log.warn("chats.readers_not_dropped", { chatId: key.chatId, error: String(error) });
  }
}
