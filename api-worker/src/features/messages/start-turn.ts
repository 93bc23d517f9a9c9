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

/** What a client asks a chat for. */
export type TurnWish =
  /** An answer to a message, which is saved with it; in a new chat, if need be. */
  | ({ readonly kind: "send" } & z.infer<typeof sendInput>)
  /** More of an answer that ended early: the same message grows. */
  | ({ readonly kind: "continue" } & z.infer<typeof continueInput>)
  /** Another answer, beside those that a question has. */
  | ({ readonly kind: "regenerate" } & z.infer<typeof regenerateInput>)
  /** The rest of an answer whose tool calls are allowed or denied. */
  | ({ readonly kind: "approve" } & z.infer<typeof approveInput>);

/**
 * Starts a turn of a chat of the viewer's. The chat's object decides: one live answer for a chat,
 * and the same turn for the same wish.
 *
 * @throws AppError CONFLICT while another answer is under way; NOT_FOUND for a chat or a message that
 *   is not there; INVALID for an unknown model, a message id that is taken, a file that is not there,
 *   or an answer that cannot go on like that; RATE_LIMITED when the day's messages or tokens are
 *   used up
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
 * @throws AppError NOT_FOUND for a chat that is not there, where the wish does not make one
 */
async function findObjectKey(
  { content, viewer }: UserContext,
  { kind, chatId }: TurnWish,
): Promise<ChatObjectKey> {
  const key = { userId: viewer.userId, chatId };
  // Only a user with chats from a guest has to ask what the object of a message's chat is called.
  if (kind === "send" && !viewer.hasCarriedChats) return key;
  const known = await findChatKey(content, key);
  // An object is made by being called, and strangers' ids should make none.
  if (!known && kind !== "send") throw notFound("chat");
  return known ?? key;
}

async function toRequest({ content, viewer }: UserContext, wish: TurnWish): Promise<TurnRequest> {
  const { userId, contentShard } = viewer;
  if (wish.kind !== "send") return { userId, contentShard, ...wish };
  const parts = await bindFiles(content, userId, wish.message.parts);
  return { userId, contentShard, ...wish, message: { id: wish.message.id, parts } };
}

/** What a wish counts by against the viewer's day; null for one that was counted with its answer. */
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
 * What a client is told.
 *
 * @throws AppError for a wish that was not granted
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
