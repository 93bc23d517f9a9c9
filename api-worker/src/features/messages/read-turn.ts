/**
 * Reads a turn from where it is stored: its object while that has it, then the archive, then D1.
 * Used by `messages.stream` and by the HTTP protocol for streams.
 */
import type { ContentDb } from "db";
import type { EventId } from "../../contracts/event-id.ts";
import { AppError } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { delay } from "../../platform/delay.ts";
import { findAnswer, type StoredMessage } from "./queries.ts";
import { type Chunk, mergeDeltas, terminalChunk } from "./turn/chunks.ts";
import { chunksOfParts } from "./turn/message-chunks.ts";
import { parseParts } from "./turn/stored-parts.ts";
import { parseArchive, TurnArchive } from "./turn/turn-archive.ts";
import {
  decodeLines,
  type ReadResult,
  type ReadShape,
  type StreamLine,
} from "./turn/turn-protocol.ts";

/** Failed reads in a row, without a new chunk, before the reader gets an error. */
const maxFruitlessReads = 6;
const retryBaseMs = 50;
/** Archived chunks in one event. */
const archiveEventChunks = 2_000;

export interface TurnReadEnv {
  readonly env: Env;
  readonly content: ContentDb;
}

/** A chat's turn, and the reader's position in it. */
export interface TurnRead {
  readonly userId: string;
  readonly chatId: string;
  readonly objectName?: string | null | undefined;
  /** The live turn when undefined. */
  readonly streamId: string | undefined;
  /** The last chunk that the reader has. */
  readonly position: EventId | undefined;
  /**
   * Asked after each connection to the turn, before anything of it is read: a call that ends a
   * reader's access then disconnects all readers. Reading ends when it says no.
   */
  readonly admission?: { admit(turnId: string): Promise<boolean> } | undefined;
  /** A connection to the named turn from its first chunk, to be read before any other is opened. */
  readonly opened?: ReadableStream | undefined;
}

/** Consecutive chunks of one turn. */
export type TurnEvent = StreamLine & {
  readonly streamId: string;
  /**
   * Set when the chunks were rebuilt from the message in D1, so that their numbers differ from the
   * turn's own.
   */
  readonly isRenumbered?: true;
};

/**
 * Reads a turn up to its terminal chunk, which alone ends an answer. When the object's stream ends
 * without it (the object died, or dropped a slow reader), reading continues from the last chunk.
 * Yields nothing for an unknown turn, or when none is named and none is live.
 *
 * The caller has checked that the reader may read the chat.
 *
 * @throws AppError INVALID for a position past the end; UPSTREAM_FAILED when the turn cannot be
 *   reached
 */
export async function* readTurn(
  { env, content }: TurnReadEnv,
  { streamId, position: startPosition, admission, opened, ...chat }: TurnRead,
  signal: AbortSignal | undefined,
): AsyncGenerator<TurnEvent, void> {
  let position = startPosition;
  let wanted = streamId;
  let given: ReadResult | null =
    opened && streamId ? { kind: "stream", streamId, stream: opened } : null;
  let shape: ReadShape = "page";
  for (let fruitless = 0; fruitless < maxFruitlessReads && !signal?.aborted; ) {
    if (fruitless > 0) await delay(retryBaseMs * 2 ** fruitless, signal);
    fruitless++;
    // A fresh stub each time, because a stub that has seen its object die is useless.
    const result = given ?? (await ask(() => chatObject(env, chat).read(wanted, position, shape)));
    given = null;
    if (result === "broken") continue;
    if (result.kind === "none" || result.kind === "whole") return;
    if (result.kind === "past-end") throw pastEnd();
    if (result.kind === "unknown") {
      const id = wanted ?? position?.streamId;
      if (id) yield* readKept({ env, content }, { ...chat, streamId: id }, position);
      return;
    }
    if (admission && !(await admission.admit(result.streamId))) return leave(result);
    wanted = result.streamId;
    // After the first page a stream, because each further page would cost a call.
    shape = "stream";
    for await (const line of linesOf(result, signal)) {
      position = { streamId: result.streamId, seq: line.lastSeq };
      fruitless = 0;
      yield { streamId: result.streamId, ...line };
      if (line.isLast) return;
    }
    // Lets the page go out before opening the stream, which takes as long again.
    if (result.kind === "page") await delay(0, signal);
  }
  if (signal?.aborted) return;
  throw new AppError("UPSTREAM_FAILED", "The answer can’t be reached right now.");
}

/** Closes a connection that nothing was read from. */
function leave(result: ReadChunks): void {
  if (result.kind === "stream") void result.stream.cancel().catch(() => undefined);
}

async function ask(read: () => Promise<unknown>): Promise<ReadResult | "broken"> {
  try {
    return (await read()) as ReadResult;
  } catch {
    return "broken";
  }
}

type ReadChunks = Extract<ReadResult, { streamId: string }>;

/** Yields the object's lines. A broken connection counts as an end. */
async function* linesOf(result: ReadChunks, signal: AbortSignal | undefined) {
  if (result.kind === "page") {
    const { page } = result;
    yield { ...page, chunks: JSON.parse(page.chunks) as Chunk[] };
    return;
  }
  try {
    yield* decodeLines(result.stream, signal);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
  }
}

type TurnKey = Omit<TurnRead, "position"> & { readonly streamId: string };

/**
 * Reads a turn that its object no longer has, so that it cannot be live: from the archive, or else
 * from D1.
 */
async function* readKept(
  { env, content }: TurnReadEnv,
  turn: TurnKey,
  position: EventId | undefined,
): AsyncGenerator<TurnEvent, void> {
  const { streamId } = turn;
  const afterSeq = position?.streamId === streamId ? position.seq : -1;
  const archived = await new TurnArchive(env).open({ ...turn, turnId: streamId });
  if (archived) {
    yield* readArchived(archived, streamId, afterSeq);
    return;
  }
  // D1 has the message without its chunks' numbers, so it can serve only a reader from the start.
  const answer = afterSeq < 0 ? await findAnswer(content, turn, streamId) : undefined;
  if (!answer || answer.status === "streaming") return;
  const chunks = chunksOfAnswer(answer, streamId);
  yield { streamId, lastSeq: chunks.length - 1, isLast: true, chunks, isRenumbered: true };
}

async function* readArchived(
  archived: ReadableStream<Uint8Array>,
  streamId: string,
  afterSeq: number,
): AsyncGenerator<TurnEvent, void> {
  let nextSeq = 0;
  let chunks: Chunk[] = [];
  const event = (isLast: boolean): TurnEvent => {
    const shown = afterSeq < 0 ? mergeDeltas(chunks) : chunks;
    return { streamId, lastSeq: nextSeq - 1, isLast, chunks: shown };
  };
  for await (const block of parseArchive(archived)) {
    // Another block has arrived, so the collected chunks are not the last.
    if (chunks.length >= archiveEventChunks) {
      yield event(false);
      chunks = [];
    }
    const known = Math.max(0, afterSeq + 1 - nextSeq);
    nextSeq += block.length;
    if (known < block.length) chunks.push(...block.slice(known));
  }
  if (afterSeq >= nextSeq) throw pastEnd();
  if (chunks.length > 0) yield event(true);
}

function chunksOfAnswer(answer: StoredMessage, streamId: string): Chunk[] {
  const { id, parts, parentId, modelId, createdAt, status } = answer;
  if (status === "streaming") throw new TypeError("This answer has no end.");
  return [
    {
      type: "start",
      messageId: id,
      messageMetadata: { status: "streaming", streamId, parentId, modelId, createdAt },
    },
    ...chunksOfParts(parseParts(parts)),
    terminalChunk(
      {
        status,
        ...(answer.errorCode !== null && { errorCode: answer.errorCode }),
        ...(answer.inputTokens !== null && { inputTokens: answer.inputTokens }),
        ...(answer.outputTokens !== null && { outputTokens: answer.outputTokens }),
      },
      answer.finishedAt,
    ),
  ];
}

/** The error for a position that no reader can have. */
export function pastEnd(): AppError {
  return new AppError("INVALID", "This position is past the end of the answer.");
}
