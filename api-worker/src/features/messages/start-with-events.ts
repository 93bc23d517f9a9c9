import type { UserContext } from "../../context.ts";
import {
  type SendOutput,
  type StartedEvent,
  sendOutput,
  startedEventSchema,
} from "../../contracts/messages.ts";
import { zIterable } from "../../platform/tracked-iterable.ts";
import { startTurn, type TurnWish } from "./start-turn.ts";
import { streamTurn } from "./stream-turn.ts";

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
  const turn = await startTurn(ctx, wish);
  if (!ctx.request.acceptsLines) return turn;
  return { ...turn, events: eventsOf(ctx, turn, signal) };
}

async function* eventsOf(
  ctx: UserContext,
  { chatId, streamId }: SendOutput,
  signal: AbortSignal | undefined,
): AsyncGenerator<StartedEvent, void> {
  for await (const [id, chunks] of streamTurn(ctx, { chatId, streamId }, signal)) {
    yield { id, chunks };
  }
}
