import type { z } from "zod";
import type { OwnerContext } from "../../../context.ts";
import type { ChatOutput, chatVisibilityInput } from "../../../contracts/chats.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { publishNews } from "../../news/news.ts";
import { findChat, updateChatVisibility } from "../queries.ts";
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
  if (chat) await publishNews(env, log, userId, { type: "changed", chatId });
  return chat;
}
