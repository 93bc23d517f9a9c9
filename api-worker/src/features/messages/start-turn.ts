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
import { keepGuest } from "../auth/guest/guests.ts";
import { dayLimitError, turnLimitsOf } from "../limits/day-limits.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { storageFullError } from "../limits/storage.ts";
import { modelTermsOf } from "../models/model-terms.ts";
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

/** A turn that has started, for a caller that reads its answer. */
export interface OpenedTurn {
  readonly output: SendOutput;
  readonly key: ChatObjectKey;
  /** The live answer from its first chunk; undefined when it has ended, or was not asked for. */
  readonly stream: ReadableStream | undefined;
}

/**
 * Starts a turn in one of the viewer's chats. The chat's object allows one live answer per chat,
 * counts the turn against the viewer's day, and returns the same turn for a repeated request.
 *
 * @param isRead whether the caller reads the answer
 * @throws AppError CONFLICT during another answer; NOT_FOUND for a missing chat or message; INVALID
 *   for an unknown model, a message id that is taken, a missing file, an answer that cannot
 *   continue in this way, or a model without a price under a limit in money; RATE_LIMITED when a
 *   limit of the viewer (messages, tokens or money), of guests or of the site is used up;
 *   UPSTREAM_FAILED when the budget of the site cannot be asked; TOO_LARGE when the viewer's storage
 *   is full
 */
export async function startTurn(
  ctx: UserContext,
  wish: TurnWish,
  isRead: boolean,
): Promise<OpenedTurn> {
  if (wish.kind === "send") await keepGuest(ctx);
  const key = await findObjectKey(ctx, wish);
  const request = await toRequest(ctx, wish);
  const result: StartResult = await chatObject(ctx.env, key).start({ ...request, isRead });
  if (result.kind === "limited") throw dayLimitError(result.limit, ctx.viewer, request.dayLimits);
  if (result.kind === "full") {
    throw await storageFullError(ctx.content, ctx.viewer.userId, request.storage);
  }
  const output = toOutput(wish.chatId, result);
  return { output, key, stream: result.kind === "started" ? result.stream : undefined };
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

async function toRequest(ctx: UserContext, wish: TurnWish): Promise<TurnRequest> {
  const { userId, contentShard } = ctx.viewer;
  const { day, storage } = limitsOf(ctx.env, ctx.viewer);
  const dayLimits = turnLimitsOf(ctx, day);
  const models = modelTermsOf(ctx.env, ctx.viewer);
  const base = { userId, contentShard, dayLimits, storage, models };
  if (wish.kind !== "send") return { ...wish, ...base };
  const parts = await bindFiles(ctx.content, userId, wish.message.parts);
  return { ...wish, ...base, message: { id: wish.message.id, parts } };
}

/**
 * Converts the object's result to the API's output.
 *
 * @throws AppError for a refused request
 */
function toOutput(
  chatId: string,
  result: Exclude<StartResult, { kind: "limited" | "full" }>,
): SendOutput {
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
    case "invalid": {
      const { message, field } = result;
      throw new AppError("INVALID", message, field && { fields: { [field]: message } });
    }
  }
}
