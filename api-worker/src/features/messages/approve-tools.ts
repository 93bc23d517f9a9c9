import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { approveInput, SendOutput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { findChatKey } from "./queries.ts";
import { startedTurn } from "./send-message.ts";

/**
 * Allows or denies the tool calls that an answer asks about, and goes on with the answer.
 *
 * @throws AppError NOT_FOUND; CONFLICT while another answer is under way; INVALID when the answer
 *   does not ask for just that
 */
export async function approveTools(
  ctx: UserContext,
  { chatId, messageId, approvals }: z.infer<typeof approveInput>,
): Promise<SendOutput> {
  const { userId, contentShard } = ctx.viewer;
  // Asked first: an object is made by being called, and strangers' ids should make none.
  const key = await findChatKey(ctx.content, { userId, chatId });
  if (!key) throw notFound("chat");
  const stub = chatObject(ctx.env, key);
  const result = await stub.approve({ userId, contentShard, chatId, messageId, approvals });
  return startedTurn(chatId, result);
}
