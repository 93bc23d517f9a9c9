import type { OwnerContext } from "../../context.ts";
import type { NoticeOutput } from "../../contracts/notifications.ts";
import { notFound } from "../../errors.ts";
import { noticeOf } from "./notice-text.ts";
import { findLastMessage } from "./queries.ts";

/**
 * What a notification says about the answer at the end of one of the owner's chats.
 *
 * @throws AppError NOT_FOUND when the owner has no such chat, or it does not end in an answer
 */
export async function readNotice(
  { content, userId }: OwnerContext,
  { chatId }: { readonly chatId: string },
): Promise<NoticeOutput> {
  const message = await findLastMessage(content, { userId, chatId });
  if (message?.role !== "assistant") throw notFound("chat");
  const { status, streamId } = message;
  return { ...noticeOf(message), status, streamId };
}
