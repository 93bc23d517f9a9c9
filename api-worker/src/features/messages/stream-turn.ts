import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { z } from "zod";
import type { streamEventSchema, streamInput } from "../../contracts/messages.ts";
import { AppError, notFound } from "../../errors.ts";
import { toTrpcError, type UserContext } from "../../trpc.ts";
import { chatExists } from "./queries.ts";
import { readTurn, type TurnPosition } from "./read-turn.ts";

type StreamEvent = TrackedEnvelope<z.infer<typeof streamEventSchema>>;

/**
 * Relays an answer to one reader, as `tracked("streamId:seq", chunks)`.
 *
 * @throws TRPCError NOT_FOUND; BAD_REQUEST for an id past the end; BAD_GATEWAY when the answer
 *   cannot be reached
 */
export async function* streamTurn(
  ctx: UserContext,
  input: z.infer<typeof streamInput>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const key = { userId: ctx.viewer.userId, chatId: input.chatId };
  try {
    if (!(await chatExists(ctx.content, key))) throw notFound("chat");
    const position = parseEventId(input.lastEventId);
    const turn = { ...key, streamId: input.streamId ?? undefined, position };
    for await (const { streamId, lastSeq, chunks } of readTurn(ctx, turn, signal)) {
      yield tracked(`${streamId}:${lastSeq}`, [...chunks]);
    }
  } catch (error) {
    throw toTrpcError(error);
  }
}

/**
 * @throws AppError INVALID for something that is not an id of ours
 */
function parseEventId(id: string | null | undefined): TurnPosition | undefined {
  if (!id) return undefined;
  const match = /^([0-9a-f-]{36}):(\d{1,9})$/.exec(id);
  if (!match?.[1]) throw new AppError("INVALID", "This is not the id of an event.");
  return { streamId: match[1], seq: Number(match[2]) };
}
