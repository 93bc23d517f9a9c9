import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { z } from "zod";
import type { streamEventSchema, streamInput } from "../../contracts/messages.ts";
import { AppError, notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { delay } from "../../platform/delay.ts";
import { toTrpcError, type UserContext } from "../../trpc.ts";
import { chatExists } from "./queries.ts";
import { decodeLines, type ReadResult } from "./turn-protocol.ts";

/** Tries in a row without a single new chunk, before the reader is told. */
const maxFruitlessReads = 6;
const retryBaseMs = 50;

interface Position {
  readonly streamId: string;
  readonly seq: number;
}

type StreamEvent = TrackedEnvelope<z.infer<typeof streamEventSchema>>;

/**
 * Relays an answer to one reader, as `tracked("streamId:seq", chunks)`. Only the terminal chunk
 * ends an answer: when the object's stream ends without one (the object died, or let a slow reader
 * go), this reads on from the last id before it tells the reader anything.
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
    let position = parseEventId(input.lastEventId);
    let wanted = input.streamId ?? undefined;
    for (let fruitless = 0; fruitless < maxFruitlessReads && !signal?.aborted; fruitless++) {
      if (fruitless > 0) await delay(retryBaseMs * 2 ** fruitless, signal);
      // A fresh stub each time: one that has seen its object die is of no more use.
      const result = await readTurn(() => chatObject(ctx.env, key).read(wanted, position));
      if (result === "broken") continue;
      if (result.kind === "none") return;
      if (result.kind === "past-end") {
        throw new AppError("INVALID", "This position is past the end of the answer.");
      }
      wanted = result.streamId;
      for await (const line of readLines(result.stream, signal)) {
        position = { streamId: result.streamId, seq: line.lastSeq };
        fruitless = 0;
        yield tracked(`${result.streamId}:${line.lastSeq}`, [...line.chunks]);
        if (line.isLast) return;
      }
    }
    if (signal?.aborted) return;
    throw new AppError("UPSTREAM_FAILED", "The answer cannot be reached just now.");
  } catch (error) {
    throw toTrpcError(error);
  }
}

async function readTurn(read: () => Promise<unknown>): Promise<ReadResult | "broken"> {
  try {
    return (await read()) as ReadResult;
  } catch {
    return "broken";
  }
}

/** The object's lines; a connection that breaks is an end like any other. */
async function* readLines(stream: ReadableStream, signal: AbortSignal | undefined) {
  const lines = decodeLines(stream, signal);
  try {
    yield* lines;
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
  }
}

/**
 * @throws AppError INVALID for something that is not an id of ours
 */
function parseEventId(id: string | null | undefined): Position | undefined {
  if (!id) return undefined;
  const match = /^([0-9a-f-]{36}):(\d{1,9})$/.exec(id);
  if (!match?.[1]) throw new AppError("INVALID", "This is not the id of an event.");
  return { streamId: match[1], seq: Number(match[2]) };
}
