import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { stopInput, stopOutput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { callAgain } from "../../platform/call-again.ts";
import { chatObject } from "../../platform/chat-object.ts";
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
  // Asked again when the object dies during the call, because its next instance would otherwise go on
  // with the answer.
  const result = await callAgain(
    async () => (await chatObject(env, key).stop(input.streamId)) as StopResult,
    { maxTries: 4, firstWaitMs: 100 },
  );
  if (result.kind === "ended") return { status: result.status };
  const answer = await findAnswer(content, key, input.streamId);
  if (!answer) throw notFound("message");
  return { status: answer.status };
}
