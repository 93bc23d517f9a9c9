/**
 * A turn of a chat, read as an open stream: a JSON stream whose items are the answer's chunks and
 * whose offsets count them. A reader from the start gets neighbouring deltas merged, so it may get
 * fewer items than the offset says.
 */
import { callAgain } from "../../../platform/call-again.ts";
import { type ChatObjectKey, chatObject } from "../../../platform/chat-object.ts";
import { delay } from "../../../platform/delay.ts";
import { pastEnd, readTurn, type TurnEvent, type TurnReadEnv } from "../../messages/read-turn.ts";
import type { Slice } from "../object/stream-readers.ts";
import type { StreamFacts, StreamPosition } from "../stream-protocol.ts";

export interface TurnKey extends ChatObjectKey {
  readonly streamId: string;
}

/** The content of a turn, from an offset to its current end. */
export interface TurnContent {
  readonly facts: StreamFacts;
  readonly startOffset: number;
  /** JSON texts. */
  readonly items: readonly string[];
}

/**
 * Reads a turn up to its current end.
 *
 * @param waitMs how long to wait for more when there is nothing after `from`
 * @returns null for an unknown turn; "gone" when reading cannot continue at this offset, because the
 *   chunks are no longer kept and only the message is
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
  // Without a live turn, the position "now" is found by reading the log to its end.
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
  // Nothing follows the offset. Either the turn is over, or it never existed.
  if (isClosed && nextOffset === position) {
    const first = await readFirst(ctx, turn);
    if (!first) return null;
    if (first.isRenumbered && position > 0) return "gone";
  }
  const facts = factsOf(turn, nextOffset, isClosed);
  return { facts, startOffset: isSearch ? nextOffset : position, items };
}

/**
 * Follows a turn from an offset to its end.
 *
 * @param signal stops following; the turn goes on
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

/** Last durable chunk of a live turn; null when it is not live. Asks again while the object is reset. */
function findLiveSeq(env: Env, turn: TurnKey): Promise<number | null> {
  const find = async () => chatObject(env, turn).liveSeq(turn.streamId);
  return callAgain(find, { maxTries: 5, firstWaitMs: 50 });
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
