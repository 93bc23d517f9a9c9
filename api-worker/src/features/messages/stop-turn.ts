import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { stopInput, stopOutput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { delay } from "../../platform/delay.ts";
import { findAnswer, findChatKey } from "./queries.ts";
import type { StopResult } from "./turn/turn-protocol.ts";

/**
 * Stops an answer, from any device. Idempotent. Returns how the answer ended.
 *
 * @throws AppError NOT_FOUND for a chat or an answer that the owner does not have
 */
export async function stopTurn(
  { env, content, userId }: OwnerContext,
  input: z.infer<typeof stopInput>,
): Promise<z.infer<typeof stopOutput>> {
  // Checked first, because calling an object creates it: ids of other users' chats must not get
  // that far.
  const key = await findChatKey(content, { userId, chatId: input.chatId });
  if (!key) throw notFound("chat");
  const result = await stopInObject(() => chatObject(env, key).stop(input.streamId));
  if (result.kind === "ended") return { status: result.status };
  const answer = await findAnswer(content, key, input.streamId);
  if (!answer) throw notFound("message");
  return { status: answer.status };
}

/** Calls of an object that dies meanwhile. */
const triesMax = 4;
const retryBaseMs = 50;

/**
 * Stops a turn, and asks again when the object dies during the call: otherwise its next instance would
 * go on with the answer.
 *
 * @param stop calls a fresh stub, because one that has seen its object die is useless
 * @throws what the last call throws
 */
async function stopInObject(stop: () => Promise<unknown>): Promise<StopResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await stop()) as StopResult;
    } catch (error) {
      if (tries === triesMax) throw error;
    }
    await delay(retryBaseMs * 2 ** tries);
  }
}
