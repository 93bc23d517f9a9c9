import { z } from "zod";
import type {
  MessageListOutput,
  MessageOutput,
  messageListInput,
} from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { systemClock } from "../../platform/clock.ts";
import type { UserContext } from "../../trpc.ts";
import { finishMessage, type ListedMessage, listBranch } from "./queries.ts";
import { parseParts } from "./stored-parts.ts";

const siblingIdsSchema = z.array(z.string());

/**
 * A page of the branch that a chat shows, oldest first; pages go backwards from the newest.
 *
 * @throws AppError NOT_FOUND
 */
export async function listMessages(
  ctx: UserContext,
  input: z.infer<typeof messageListInput>,
): Promise<MessageListOutput> {
  const { chatId, limit, cursor } = input;
  const key = { userId: ctx.viewer.userId, chatId };
  const { isThere, messages } = await listBranch(ctx.content, key, cursor ?? null, limit);
  if (!isThere) throw notFound("chat");
  const items = await Promise.all(
    messages.map((message) =>
      message.status === "streaming" ? settleMessage(ctx, message) : toOutput(message),
    ),
  );
  return { items: items.toReversed(), nextCursor: messages.at(-1)?.parentId ?? null };
}

/** Asks the object how an answer stands that D1 has not seen the end of. */
async function settleMessage(ctx: UserContext, message: ListedMessage): Promise<MessageOutput> {
  const output = toOutput(message);
  if (message.streamId === null) return output;
  const stub = chatObject(ctx.env, { userId: ctx.viewer.userId, chatId: message.chatId });
  const turn = await stub.settle(message.streamId);
  if (turn.kind === "live") return output;
  if (turn.kind === "none") return interruptMessage(ctx, message, message.streamId);
  return {
    ...output,
    parts: parseParts(turn.parts),
    status: turn.status,
    errorCode: turn.errorCode ?? null,
    inputTokens: turn.inputTokens ?? null,
    outputTokens: turn.outputTokens ?? null,
    finishedAt: turn.finishedAt,
  };
}

/**
 * Ends an answer that its object knows nothing of: it died before it had written its own first row,
 * and the rows in D1 came after that.
 */
async function interruptMessage(
  ctx: UserContext,
  message: ListedMessage,
  streamId: string,
): Promise<MessageOutput> {
  const { userId } = ctx.viewer;
  const end = { status: "interrupted", parts: message.parts, finishedAt: systemClock() } as const;
  await finishMessage(ctx.content, { userId, streamId, assistantMessageId: message.id }, end);
  return { ...toOutput(message), status: end.status, finishedAt: end.finishedAt };
}

function toOutput(message: ListedMessage): MessageOutput {
  const siblingIds = siblingIdsSchema.parse(JSON.parse(message.siblingIds));
  return {
    ...message,
    parts: parseParts(message.parts),
    siblingIds: siblingIds.length > 1 ? siblingIds : [],
  };
}
