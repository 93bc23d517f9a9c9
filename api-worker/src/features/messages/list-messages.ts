import type { ContentDb } from "db";
import { z } from "zod";
import type { Context, OwnerContext } from "../../context.ts";
import type {
  MessageListOutput,
  MessageOutput,
  messageListInput,
} from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { ownerContext } from "../../owner-context.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { systemClock } from "../../platform/clock.ts";
import { countPublicRead } from "../../platform/rate-limit.ts";
import { findChatOfOthers } from "../chats/readable-chat.ts";
import { isShown } from "../chats/shown-branch.ts";
import { publishNews } from "../news/news.ts";
import { type ChatKey, type ListedMessage, listBranch } from "./queries.ts";
import { finishMessage } from "./turn/finish-message.ts";
import { parseParts } from "./turn/stored-parts.ts";

const siblingIdsSchema = z.array(z.string());

/** A chat's key, and the database that holds it. */
interface ChatPlace {
  readonly key: ChatKey;
  readonly content: ContentDb;
}

/**
 * Lists a page of a chat's shown branch, oldest first. Pages go backwards from the newest message.
 * A reader of a public chat gets the shown branch alone and does not learn of other versions.
 *
 * @throws AppError NOT_FOUND; UNAUTHENTICATED; RATE_LIMITED
 */
export async function listMessages(
  ctx: Context,
  input: z.infer<typeof messageListInput>,
): Promise<MessageListOutput> {
  const own = ctx.viewer && (await listOwnMessages(ownerContext(ctx, ctx.viewer), input));
  if (own) return own;

  const { chatId, limit, cursor = null } = input;
  await countPublicRead(ctx);
  const shared = await findChatOfOthers(ctx, chatId);
  if (cursor !== null && !(await isShown(shared.content, shared.key, { messageId: cursor }))) {
    throw notFound("page");
  }
  const { messages } = await listBranch(shared.content, shared.key, cursor, limit);
  const { items, nextCursor } = await toPage(ctx, shared, messages);
  return { items: items.map((item) => ({ ...item, siblingIds: [] })), nextCursor };
}

/**
 * Lists a page of the shown branch of one of the owner's chats, oldest first.
 *
 * @returns undefined when the owner has no such chat
 */
export async function listOwnMessages(
  owner: OwnerContext,
  { chatId, limit, cursor = null }: z.infer<typeof messageListInput>,
): Promise<MessageListOutput | undefined> {
  const { content, userId } = owner;
  const { key, messages } = await listBranch(content, { userId, chatId }, cursor, limit);
  return key && toPage(owner, { key, content }, messages);
}

/** Needed to call a chat's object and to publish news. */
type PageContext = Pick<Context, "env" | "log">;

async function toPage(
  ctx: PageContext,
  place: ChatPlace,
  messages: readonly ListedMessage[],
): Promise<MessageListOutput> {
  const items = await Promise.all(
    messages.map((message) =>
      message.status === "streaming" ? settleMessage(ctx, place, message) : toOutput(message),
    ),
  );
  return { items: items.toReversed(), nextCursor: messages.at(-1)?.parentId ?? null };
}

/** Asks the object for the state of an answer that has no end in D1. */
async function settleMessage(
  ctx: PageContext,
  place: ChatPlace,
  message: ListedMessage,
): Promise<MessageOutput> {
  const output = toOutput(message);
  if (message.streamId === null) return output;
  const stub = chatObject(ctx.env, place.key);
  const turn = await stub.settle(message.streamId);
  if (turn.kind === "live") return output;
  if (turn.kind === "none") return interruptMessage(ctx, place, message, message.streamId);
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
 * Ends an answer as interrupted that its object does not know. The object died before its own first
 * row was durable, and the rows in D1 were written nevertheless.
 */
async function interruptMessage(
  { env, log }: PageContext,
  { key, content }: ChatPlace,
  message: ListedMessage,
  streamId: string,
): Promise<MessageOutput> {
  const { userId, chatId } = key;
  const end = { status: "interrupted", parts: message.parts, finishedAt: systemClock() } as const;
  await finishMessage(content, { userId, turnId: streamId, assistantMessageId: message.id }, end);
  const { status } = end;
  await publishNews(env, log, userId, { type: "turn-ended", chatId, streamId, status });
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
