import type { UserContext } from "../../context.ts";
import {
  type SendOutput,
  type StartedEvent,
  sendOutput,
  startedEventSchema,
} from "../../contracts/messages.ts";
import { zIterable } from "../../platform/tracked-iterable.ts";
import { type OpenedTurn, startTurn, type TurnWish } from "./start-turn.ts";
import { streamStarted } from "./stream-turn.ts";

/** A turn that has started. */
export const startedOutput = sendOutput.extend({
  /** The answer, for a client that reads JSON lines. Its end is not the end of the answer. */
  events: zIterable(startedEventSchema).optional(),
});

/**
 * Starts a turn, and streams its answer to a client that can read it in the same response, so that
 * the first word needs no second request.
 *
 * @throws like {@link startTurn}
 */
export async function startTurnWithEvents(
  ctx: UserContext,
  wish: TurnWish,
  signal: AbortSignal | undefined,
): Promise<SendOutput & { events?: AsyncIterable<StartedEvent> }> {
  const { acceptsLines } = ctx.request;
  const started = await startTurn(ctx, wish, acceptsLines);
  if (!acceptsLines) return started.output;
  cancelOnAbort(started.stream, signal);
  return { ...started.output, events: eventsOf(ctx, started, signal) };
}

/**
 * Lets the answer's object know that its reader has gone, also when nothing has begun to read: a
 * generator that was never started does not run its `finally`.
 */
export function cancelOnAbort(
  stream: ReadableStream | undefined,
  signal: AbortSignal | undefined,
): void {
  // A stream that is being read is its reader's to cancel, and this one rejects.
  const cancel = () => void stream?.cancel().catch(() => undefined);
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
}

async function* eventsOf(
  ctx: UserContext,
  started: OpenedTurn,
  signal: AbortSignal | undefined,
): AsyncGenerator<StartedEvent, void> {
  for await (const [id, chunks] of streamStarted(ctx, started, signal)) {
    yield { id, chunks };
  }
}
