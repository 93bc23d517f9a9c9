import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { SendOutput, sendInput } from "../../contracts/messages.ts";
import { AppError, notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { countMessage } from "../limits/day-limits.ts";
import { bindFiles } from "../uploads/bind-files.ts";
import { findChatKey } from "./queries.ts";
import type { StartResult } from "./turn/turn-protocol.ts";

/**
 * Saves a message and starts its answer. The chat's object decides: one live answer for a chat,
 * one answer for a message id.
 *
 * @throws AppError CONFLICT while another answer is under way; NOT_FOUND for a parent that is not
 *   there; INVALID for an unknown model, a message id that is taken, or a file that is not there;
 *   RATE_LIMITED when the day's
 *   messages or tokens are used up
 */
export async function sendMessage(
  ctx: UserContext,
  input: z.infer<typeof sendInput>,
): Promise<SendOutput> {
  const { chatId, message, parentId, modelId } = input;
  const { userId, contentShard } = ctx.viewer;
  await keepGuest(ctx);
  const stub = await objectFor(ctx, chatId);
  const parts = await bindFiles(ctx.content, userId, message.parts);
  const bound = { id: message.id, parts };
  const result = await countMessage(ctx, message.id, async () =>
    stub.start({ userId, contentShard, chatId, message: bound, parentId, modelId }),
  );
  return startedTurn(chatId, result);
}

/** Only who has chats from a guest has to ask what the object is called. */
async function objectFor({ env, content, viewer }: UserContext, chatId: string) {
  const key = { userId: viewer.userId, chatId };
  const known = viewer.hasCarriedChats ? await findChatKey(content, key) : undefined;
  return chatObject(env, known ?? key);
}

/**
 * What a client is told of a wish for a turn.
 *
 * @throws AppError for one that was not granted
 */
export function startedTurn(chatId: string, result: StartResult): SendOutput {
  switch (result.kind) {
    case "started":
      return { chatId, ...result.turn };
    case "busy":
      throw new AppError("CONFLICT", "An answer is still being written here. Stop it, or wait.");
    case "missing":
      throw notFound(result.what);
    case "invalid":
      throw new AppError("INVALID", result.message);
  }
}
