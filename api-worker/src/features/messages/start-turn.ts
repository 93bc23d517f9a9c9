import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type {
  approveInput,
  continueInput,
  regenerateInput,
  SendOutput,
  sendInput,
} from "../../contracts/messages.ts";
import { AppError, notFound } from "../../errors.ts";
import { type ChatObjectKey, chatObject } from "../../platform/chat-object.ts";
import { newId } from "../../platform/ids.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { countMessage } from "../limits/day-limits.ts";
import { bindFiles } from "../uploads/bind-files.ts";
import { findChatKey } from "./queries.ts";
import type { StartResult, TurnRequest } from "./turn/turn-protocol.ts";

/** A client's request to a chat. */
export type TurnWish =
  /** Saves a message and answers it. Creates the chat if necessary. */
  | ({ readonly kind: "send" } & z.infer<typeof sendInput>)
  /** Continues an answer that ended early: the same message grows. */
  | ({ readonly kind: "continue" } & z.infer<typeof continueInput>)
  /** Adds another answer beside a question's existing ones. */
  | ({ readonly kind: "regenerate" } & z.infer<typeof regenerateInput>)
  /** Continues an answer after its tool calls were approved or denied. */
  | ({ readonly kind: "approve" } & z.infer<typeof approveInput>);

/**
 * Starts a turn in one of the viewer's chats. The chat's object allows one live answer per chat,
 * and returns the same turn for a repeated request.
 *
 * @throws AppError CONFLICT during another answer; NOT_FOUND for a missing chat or message; INVALID
 *   for an unknown model, a message id that is taken, a missing file, or an answer that cannot
 *   continue in this way; RATE_LIMITED when the day's messages or tokens are used up
 */
export async function startTurn(ctx: UserContext, wish: TurnWish): Promise<SendOutput> {
  if (wish.kind === "send") await keepGuest(ctx);
  const key = await findObjectKey(ctx, wish);
  const request = await toRequest(ctx, wish);
  const start = async () => chatObject(ctx.env, key).start(request);
  const countKey = countKeyOf(wish);
  const result = countKey === null ? await start() : await countMessage(ctx, countKey, start);
  return toOutput(wish.chatId, result);
}

/**
 * The key of the chat's object.
 *
 * @throws AppError NOT_FOUND for a missing chat, unless the request creates it
 */
async function findObjectKey(
  { content, viewer }: UserContext,
  { kind, chatId }: TurnWish,
): Promise<ChatObjectKey> {
  const key = { userId: viewer.userId, chatId };
  // Object names differ only for chats that came from a guest, so other users need no query to
  // send.
  if (kind === "send" && !viewer.hasCarriedChats) return key;
  const known = await findChatKey(content, key);
  // Calling an object creates it, so ids of other users' chats must not get that far.
  if (!known && kind !== "send") throw notFound("chat");
  return known ?? key;
}

async function toRequest({ content, viewer }: UserContext, wish: TurnWish): Promise<TurnRequest> {
  const { userId, contentShard } = viewer;
  if (wish.kind !== "send") return { userId, contentShard, ...wish };
  const parts = await bindFiles(content, userId, wish.message.parts);
  return { userId, contentShard, ...wish, message: { id: wish.message.id, parts } };
}

/**
 * The key by which a request counts against the viewer's day; null for one that was already counted
 * with its answer.
 */
function countKeyOf(wish: TurnWish): string | null {
  switch (wish.kind) {
    case "send":
      return wish.message.id;
    case "continue":
    case "regenerate":
      return newId();
    case "approve":
      return null;
  }
}

/**
 * Converts the object's result to the API's output.
 *
 * @throws AppError for a refused request
 */
function toOutput(chatId: string, result: StartResult): SendOutput {
  switch (result.kind) {
    case "started":
      return { chatId, ...result.turn };
    case "busy":
      throw new AppError(
        "CONFLICT",
        "An answer is still being written. Stop it, or wait for it to finish.",
      );
    case "missing":
      throw notFound(result.what);
    case "invalid":
      throw new AppError("INVALID", result.message);
  }
}
