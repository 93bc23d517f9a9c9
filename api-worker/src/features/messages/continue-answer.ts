import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { continueInput, SendOutput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { newId } from "../../platform/ids.ts";
import { countMessage } from "../limits/day-limits.ts";
import { findChatKey } from "./queries.ts";
import { startedTurn } from "./send-message.ts";

/**
 * Goes on with an answer that ended early: a new turn for the same message, which begins with what
 * the message has. While it is under way, asking again returns the same turn.
 *
 * @throws AppError NOT_FOUND; CONFLICT while another answer is under way; INVALID for an answer
 *   that is complete or that something follows; RATE_LIMITED when the day's messages or tokens are
 *   used up
 */
export async function continueAnswer(
  ctx: UserContext,
  { chatId, messageId }: z.infer<typeof continueInput>,
): Promise<SendOutput> {
  const { userId, contentShard } = ctx.viewer;
  // Asked first: an object is made by being called, and strangers' ids should make none.
  const key = await findChatKey(ctx.content, { userId, chatId });
  if (!key) throw notFound("chat");
  const stub = chatObject(ctx.env, key);
  const result = await countMessage(ctx, newId(), async () =>
    stub.continue({ userId, contentShard, chatId, messageId }),
  );
  return startedTurn(chatId, result);
}
