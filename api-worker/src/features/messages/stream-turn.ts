import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { type EventId, formatEventId, parseEventId } from "../../contracts/event-id.ts";
import type { streamEventSchema, streamInput } from "../../contracts/messages.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { countPublicRead } from "../../platform/rate-limit.ts";
import { toTrpcError } from "../../trpc.ts";
import { findReadableChat } from "../chats/readable-chat.ts";
import { takePlace } from "../subscriptions/take-place.ts";
import { readTurn } from "./read-turn.ts";
import { isShown } from "./shown-branch.ts";

type StreamEvent = TrackedEnvelope<z.infer<typeof streamEventSchema>>;

/** Access to another user's chat is checked again after this long. */
const accessMaxMs = 500;

/**
 * Relays an answer to one reader, as `tracked("streamId:seq", chunks)`. A reader of a public chat
 * gets answers of the shown branch, as long as the chat is public.
 *
 * @throws TRPCError NOT_FOUND; UNAUTHORIZED; BAD_REQUEST for an id past the end; BAD_GATEWAY when
 *   the answer cannot be reached; TOO_MANY_REQUESTS when too many subscriptions are open
 */
export async function* streamTurn(
  ctx: Context,
  input: z.infer<typeof streamInput>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const placing = takePlace(ctx);
  // Taken while the chat is looked up, and refused after it.
  placing.catch(() => undefined);
  try {
    if (ctx.viewer === null) await countPublicRead(ctx);
    const { key, content, access } = await findReadableChat(ctx, input.chatId);
    await placing;
    const position = positionOf(input.lastEventId);
    const turn = { ...key, streamId: input.streamId ?? undefined, position };
    let checkedAt = 0;
    for await (const { streamId, lastSeq, chunks } of readTurn({ ...ctx, content }, turn, signal)) {
      if (access === "read" && systemClock() - checkedAt > accessMaxMs) {
        await findReadableChat(ctx, input.chatId);
        if (!(await isShown(content, key, { streamId }))) return;
        checkedAt = systemClock();
      }
      yield tracked(formatEventId({ streamId, seq: lastSeq }), [...chunks]);
    }
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    const free = await placing.catch(() => undefined);
    free?.();
  }
}

/** @throws AppError INVALID for text that is not one of our event ids */
function positionOf(lastEventId: string | null | undefined): EventId | undefined {
  if (!lastEventId) return undefined;
  const id = parseEventId(lastEventId);
  if (!id || !/^[0-9a-f-]{36}$/.test(id.streamId)) {
    throw new AppError("INVALID", "This isn’t a valid event ID.");
  }
  return id;
}
