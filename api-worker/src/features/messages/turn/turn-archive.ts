/**
 * The archive of finished turns, which keeps their logs for a day after their object has deleted
 * them: in Workers KV, or in R2 when they are too long for KV. Not read while a turn may be live.
 *
 * A log is text with one line per block: a JSON array of chunks, numbered densely from 0.
 */
import type { BlockLog } from "../../../platform/block-log.ts";
import { type ChatObjectKey, chatObjectName } from "../../../platform/chat-object.ts";
import type { ArchivePlace } from "../object/turn-store.ts";
import type { Chunk } from "./chunks.ts";

/** A finished turn can be read chunk by chunk for this long. Its message stays. */
export const archiveTtlSeconds = 24 * 60 * 60;
/** The maximum size of a value in KV. */
export const kvMaxBytes = 25 * 1024 * 1024;
/** Characters per read of the log. */
const readLength = 256 * 1024;

export interface ArchiveEnv {
  readonly STREAMS: KVNamespace;
  readonly FILES: R2Bucket;
}

interface TurnKey extends ChatObjectKey {
  readonly turnId: string;
}

export class TurnArchive {
  readonly #env: ArchiveEnv;
  readonly #kvMaxBytes: number;

  /** @param maxBytes longer logs go to R2 */
  constructor(env: ArchiveEnv, maxBytes = kvMaxBytes) {
    this.#env = env;
    this.#kvMaxBytes = maxBytes;
  }

  /**
   * Stores a finished turn's log. Safe to run again.
   *
   * @returns where the log is
   * @throws what KV and R2 throw; the caller retries
   */
  async put(turn: TurnKey, log: BlockLog): Promise<ArchivePlace> {
    const length = byteLength(turn.turnId, log);
    const metadata = { userId: turn.userId, chatId: turn.chatId };
    const body = toByteStream(linesOf(turn.turnId, log));
    if (length <= this.#kvMaxBytes) {
      const options = { expirationTtl: archiveTtlSeconds, metadata };
      await this.#env.STREAMS.put(keyOf(turn.turnId), body, options);
      return "kv";
    }
    const sized = new FixedLengthStream(length);
    const [object] = await Promise.all([
      this.#env.FILES.put(r2KeyOf(turn.turnId), sized.readable, { customMetadata: metadata }),
      body.pipeTo(sized.writable),
    ]);
    if (!object) throw new Error("R2 has not taken the log.");
    return "r2";
  }

  /** Deletes a turn's log. */
  async delete(turnId: string, place: ArchivePlace): Promise<void> {
    if (place === "kv") await this.#env.STREAMS.delete(keyOf(turnId));
    else await this.#env.FILES.delete(r2KeyOf(turnId));
  }

  /**
   * Reads a turn's log.
   *
   * @returns its lines as bytes; null when it does not exist or belongs to another chat
   */
  async open(turn: TurnKey): Promise<ReadableStream<Uint8Array> | null> {
    const names = [chatObjectName(turn), turn.objectName];
    // A log from before a guest's chat moved to an account has the guest's name.
    const isOurs = ({ userId = "", chatId = "" }: Partial<TurnKey>) =>
      names.includes(chatObjectName({ userId, chatId }));
    const { value, metadata } = await this.#env.STREAMS.getWithMetadata<Partial<TurnKey>>(
      keyOf(turn.turnId),
      "stream",
    );
    if (value) {
      if (isOurs(metadata ?? {})) return value;
      await value.cancel();
      return null;
    }
    const object = await this.#env.FILES.get(r2KeyOf(turn.turnId));
    if (!object) return null;
    if (isOurs(object.customMetadata ?? {})) return object.body;
    await object.body.cancel();
    return null;
  }
}

/** Parses the lines that {@link TurnArchive.put} writes. Yields one block per line. */
export async function* parseArchive(stream: ReadableStream<Uint8Array>): AsyncGenerator<Chunk[]> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as Chunk[];
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function keyOf(turnId: string): string {
  return `stream:${turnId}`;
}

function r2KeyOf(turnId: string): string {
  return `streams/${turnId}`;
}

/** Yields the log's lines, reading lazily. */
function* linesOf(turnId: string, log: BlockLog): Generator<string> {
  let afterSeq = -1;
  for (;;) {
    const blocks = log.read(turnId, afterSeq, Number.MAX_SAFE_INTEGER, readLength);
    if (blocks.length === 0) return;
    afterSeq = blocks.at(-1)?.lastSeq ?? afterSeq;
    yield blocks.map(({ items }) => `${items}\n`).join("");
  }
}

function byteLength(turnId: string, log: BlockLog): number {
  let length = 0;
  for (const lines of linesOf(turnId, log)) length += Buffer.byteLength(lines);
  return length;
}

function toByteStream(texts: Generator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
    },
    { highWaterMark: 0 },
  );
}
