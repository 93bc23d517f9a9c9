/**
 * One turn of a chat as an open stream: JSON whose items are the answer's chunks, and whose offsets
 * count them. A reader from the start gets neighbouring deltas merged, so there may be fewer items
 * than the offset says.
 */
import { type ChatObjectKey, chatObject } from "../../../platform/chat-object.ts";
import { delay } from "../../../platform/delay.ts";
import { pastEnd, readTurn, type TurnEvent, type TurnReadEnv } from "../../messages/read-turn.ts";
import type { Slice } from "../object/stream-readers.ts";
import type { StreamFacts, StreamPosition } from "../stream-protocol.ts";

export interface TurnKey extends ChatObjectKey {
  readonly streamId: string;
}

/** A piece of a turn, up to where it stood. */
export interface TurnContent {
  readonly facts: StreamFacts;
  readonly startOffset: number;
  /** JSON texts. */
  readonly items: readonly string[];
}

/**
 * Reads a turn up to where it is.
 *
 * @param waitMs how long to wait for more where there is none
 * @returns null for a turn that nobody knows; "gone" for an offset that nobody can go on from any
 *   more, because only the message is kept
 * @throws AppError INVALID for an offset past the end
 */
export async function readTurnContent(
  ctx: TurnReadEnv,
  turn: TurnKey,
  from: StreamPosition,
  waitMs: number,
): Promise<TurnContent | "gone" | null> {
  const reading = new AbortController();
  const liveSeq = await findLiveSeq(ctx.env, turn);
  const startOffset = from === "now" && liveSeq !== null ? liveSeq + 1 : from;
  if (liveSeq !== null && startOffset !== "now" && startOffset > liveSeq + 1) throw pastEnd();
  const hasMore = liveSeq === null || startOffset === "now" || startOffset <= liveSeq;
  // Where the end of a turn is that is over, its log tells.
  const isSearch = startOffset === "now";
  const position = isSearch ? 0 : startOffset;
  const items: string[] = [];
  let nextOffset = position;
  let isClosed = false;
  const read = async () => {
    for await (const event of readTurn(ctx, turnAt(turn, position), reading.signal)) {
      if (!isSearch) items.push(...event.chunks.map((chunk) => JSON.stringify(chunk)));
      nextOffset = event.lastSeq + 1;
      isClosed = event.isLast;
      if (event.lastSeq >= (liveSeq ?? Number.POSITIVE_INFINITY)) return;
    }
    if (!reading.signal.aborted && liveSeq === null) isClosed = true;
  };
  try {
    if (hasMore) await read();
    else if (waitMs > 0) await Promise.race([read(), delay(waitMs, reading.signal)]);
  } finally {
    reading.abort();
  }
  // Nothing after an offset: of a turn that is over, or of one that never was?
  if (isClosed && nextOffset === position) {
    const first = await readFirst(ctx, turn);
    if (!first) return null;
    if (first.isRenumbered && position > 0) return "gone";
  }
  const facts = factsOf(turn, nextOffset, isClosed);
  return { facts, startOffset: isSearch ? nextOffset : position, items };
}

/**
 * Follows a turn from where `content` ends.
 *
 * @param signal ends it, without an end of the turn
 */
export async function* followTurn(
  ctx: TurnReadEnv,
  turn: TurnKey,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Slice, void> {
  for await (const event of readTurn(ctx, turnAt(turn, offset), signal)) {
    const { chunks, lastSeq, isLast } = event;
    yield {
      data: JSON.stringify(chunks),
      nextOffset: lastSeq + 1,
      isUpToDate: true,
      isEnd: isLast,
    };
  }
}

/** How far a live turn is; null for one that is not live. An object that is just being reset is asked again. */
async function findLiveSeq(env: Env, turn: TurnKey): Promise<number | null> {
  for (let delayMs = 50; ; delayMs *= 2) {
    try {
      return await chatObject(env, turn).liveSeq(turn.streamId);
    } catch (error) {
      if (delayMs > 400) throw error;
    }
    await delay(delayMs);
  }
}

async function readFirst(ctx: TurnReadEnv, turn: TurnKey): Promise<TurnEvent | undefined> {
  const reading = new AbortController();
  try {
    const first: IteratorResult<TurnEvent, void> = await readTurn(
      ctx,
      turnAt(turn, 0),
      reading.signal,
    ).next();
    return first.done ? undefined : first.value;
  } finally {
    reading.abort();
  }
}

function turnAt(turn: TurnKey, offset: number) {
  const { streamId } = turn;
  return { ...turn, position: offset === 0 ? undefined : { streamId, seq: offset - 1 } };
}

function factsOf({ streamId }: TurnKey, nextOffset: number, isClosed: boolean): StreamFacts {
  const contentType = "application/json";
  return { streamId, contentType, ttlSeconds: null, expiresAt: null, nextOffset, isClosed };
}
