import type { z } from "zod";
import type { OwnerContext } from "../../../context.ts";
import type { ChatOutput, chatVisibilityInput } from "../../../contracts/chats.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { publishNews } from "../../news/news.ts";
import { findChat, updateChatVisibility } from "../queries.ts";
import { claimPublicId, releasePublicIds } from "./public-chats.ts";

/**
 * Makes a chat readable by anyone with its address, or by its owner alone. Safe to call again.
 *
 * @returns undefined when the owner has no such chat
 * @throws AppError CONFLICT when another user has published a chat with the same id
 */
export async function setChatVisibility(
  owner: OwnerContext,
  { chatId, visibility }: z.infer<typeof chatVisibilityInput>,
): Promise<ChatOutput | undefined> {
  const { env, home, content, log, userId } = owner;
  const key = { userId, chatId };
  if (visibility === "public") {
    if (!(await findChat(content, key))) return undefined;
    if (!(await claimPublicId(env, home, key, systemClock()))) {
      throw new AppError(
        "CONFLICT",
        "Another public chat already uses this address. Make a copy of your chat and share the copy.",
      );
    }
  }
  const chat = await updateChatVisibility(content, key, visibility);
  if (visibility === "private" || !chat) await releasePublicIds(home, userId, [chatId]);
  if (chat) await publishNews(env, log, userId, { type: "changed", chatId });
  return chat;
}
