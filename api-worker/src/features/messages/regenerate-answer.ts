import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { regenerateInput, SendOutput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { newId } from "../../platform/ids.ts";
import { countMessage } from "../limits/day-limits.ts";
import { findChatKey } from "./queries.ts";
import { startedTurn } from "./send-message.ts";

/**
 * Answers a question again, beside the answers that it has.
 *
 * @throws AppError NOT_FOUND; CONFLICT while another answer is under way; INVALID for an unknown
 *   model; RATE_LIMITED when the day's messages or tokens are used up
 */
export async function regenerateAnswer(
  ctx: UserContext,
  { chatId, messageId, modelId }: z.infer<typeof regenerateInput>,
): Promise<SendOutput> {
  const { userId, contentShard } = ctx.viewer;
  // Asked first: an object is made by being called, and strangers' ids should make none.
  const key = await findChatKey(ctx.content, { userId, chatId });
  if (!key) throw notFound("chat");
  const stub = chatObject(ctx.env, key);
  const result = await countMessage(ctx, newId(), async () =>
    stub.regenerate({ userId, contentShard, chatId, messageId, modelId }),
  );
  return startedTurn(chatId, result);
}
