/**
 * A turn while its answer is generated: takes chunks, writes them to the log, and shows them to
 * readers once they are durable. Ends exactly once.
 */
import type { Block, BlockLog } from "../../../../platform/block-log.ts";
import { GrowingLog } from "../../../../platform/growing-log.ts";
import {
  type Chunk,
  contentBytes,
  OpenToolCalls,
  type Outcome,
  terminalChunk,
  urgencyOf,
} from "../../turn/chunks.ts";
import { AnswerUsage } from "../answer/answer-usage.ts";
import { FlushBuffer, type Timers } from "./flush-buffer.ts";
import { Replay } from "./replay.ts";
import { TurnReaders } from "./turn-readers.ts";

/** A longer block is not kept in memory, but read from the log when a reader needs it. */
const tailMaxLength = 64 * 1024;
/**
 * The beginning of an answer waits this long, in ms, for its first content. It shows nothing, and a
 * page would draw itself once more for it just before the first word.
 */
const beginningWaitsMs = 100;
/** Chunks that are merged at once when a log is taken over. */
const restoreBatch = 1_000;

export interface TurnStorage {
  /** Resolves when everything written so far is on disk. */
  sync(): Promise<void>;
  transactionSync<T>(closure: () => T): T;
}

export class LiveTurn {
  readonly turnId: string;
  /** Aborts only the provider's request. */
  readonly abort = new AbortController();
  readonly readers: TurnReaders;
  /** What this run of the turn uses. */
  readonly usage = new AnswerUsage();
  readonly #log: GrowingLog;
  readonly #storage: TurnStorage;
  readonly #timers: Timers;
  readonly #buffer: FlushBuffer;
  readonly #replay = new Replay();
  /** The chunks in the buffer. */
  #buffered: Chunk[] = [];
  #nextSeq = 0;
  #durableSeq = -1;
  /** What was written last, ending with `#durableSeq`. Readers that keep up need no query. */
  #tail: Block | null = null;
  #terminalSeq: number | null = null;
  #contentBytes = 0;
  readonly #openToolCalls = new OpenToolCalls();
  #isClosed = false;
  /** Chains emissions behind the disk, so that readers see them in order. */
  #emitted: Promise<void> = Promise.resolve();
  /** The beginning, which readers are told of with the next emission or soon after. */
  #untold: { readonly length: number; readonly timer: unknown } | null = null;

  /** @param intervalMs between two writes of the log, on average */
  constructor(
    turnId: string,
    log: BlockLog,
    storage: TurnStorage,
    timers: Timers,
    intervalMs: number,
  ) {
    this.turnId = turnId;
    this.#log = new GrowingLog(log, turnId);
    this.#storage = storage;
    this.#timers = timers;
    this.#buffer = new FlushBuffer((items) => this.#persist(items), timers, intervalMs);
    this.readers = new TurnReaders({
      durableSeq: () => this.#durableSeq,
      terminalSeq: () => this.#terminalSeq,
      read: (afterSeq, untilSeq, maxLength) =>
        this.#tail?.firstSeq === afterSeq + 1
          ? [this.#tail]
          : log.read(turnId, afterSeq, untilSeq, maxLength),
      replay: () => this.#replay.text,
    });
  }

  /** UTF-8 bytes of the content so far. */
  get contentBytes(): number {
    return this.#contentBytes;
  }

  /** Number of the last chunk that readers may see; -1 for none. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Takes the next chunk. Drops it after {@link close}, because the turn has ended. */
  push(chunk: Chunk): void {
    if (this.#isClosed) return;
    this.#see(chunk);
    this.#buffered.push(chunk);
    this.#buffer.push(JSON.stringify(chunk), urgencyOf(chunk));
  }

  /**
   * Takes over the log that another instance began. Every chunk of that log is on disk already.
   *
   * @param chunks the log from its first chunk
   */
  restore(chunks: Iterable<Chunk>): void {
    let batch: Chunk[] = [];
    const settle = () => {
      this.#replay.add(batch);
      batch = [];
    };
    for (const chunk of chunks) {
      this.#see(chunk);
      this.#nextSeq += 1;
      if (batch.push(chunk) === restoreBatch) settle();
    }
    settle();
    this.#durableSeq = this.#nextSeq - 1;
  }

  /**
   * Takes the first chunks, or those of a restart, as one block: a crash leaves all of them or none,
   * and recovery finds what the turn began with. Readers that wait get it with what follows.
   */
  begin(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#see(chunk);
    const items = chunks.map((chunk) => JSON.stringify(chunk));
    const tell = (length: number) => this.#tellSoon(length);
    this.#persisted(this.#log.appendBlock(this.#nextSeq, items), chunks, tell);
  }

  #see(chunk: Chunk): void {
    this.#contentBytes += contentBytes(chunk);
    this.#openToolCalls.see(chunk);
  }

  /** Stops taking chunks and writes the waiting ones. The log then lacks only the turn's end. */
  close(): void {
    if (this.#isClosed) return;
    this.#buffer.flush();
    this.#isClosed = true;
  }

  /**
   * Closes open tool calls and writes the terminal chunk together with the writes of `alongside`,
   * in one transaction. Readers see it once it is durable.
   */
  async end(outcome: Outcome, alongside: (finishedAt: number) => void): Promise<void> {
    this.close();
    const finishedAt = this.#timers.now();
    const lastChunks = [...this.#openToolCalls.close(outcome), terminalChunk(outcome, finishedAt)];
    const items = lastChunks.map((chunk) => JSON.stringify(chunk));
    const block = this.#storage.transactionSync(() => {
      const appended = this.#log.appendBlock(this.#nextSeq, items);
      alongside(finishedAt);
      return appended;
    });
    this.#nextSeq = block.lastSeq + 1;
    this.#emit(block, 0, () => {
      this.#replay.add(lastChunks);
      this.#terminalSeq = block.lastSeq;
    });
    await this.#emitted;
  }

  /** First persist: one write for all waiting chunks. */
  #persist(items: readonly string[]): void {
    const chunks = this.#buffered;
    this.#buffered = [];
    this.#persisted(this.#log.append(this.#nextSeq, items), chunks);
  }

  #persisted(block: Block, chunks: readonly Chunk[], tell?: (length: number) => void): void {
    this.#nextSeq = block.lastSeq + 1;
    this.#emit(block, block.items.length, () => this.#replay.add(chunks), tell);
  }

  /**
   * Then emit, once the disk has the block.
   *
   * @param tell lets readers know of it
   */
  #emit(
    block: Block,
    length: number,
    before: () => void,
    tell = (added: number) => this.#tellNow(added),
  ): void {
    const durable = this.#storage.sync();
    this.#emitted = this.#emitted
      .then(() => durable)
      .then(() => {
        before();
        this.#durableSeq = block.lastSeq;
        this.#tail = block.items.length <= tailMaxLength ? block : null;
        tell(length);
      })
      // A failing disk breaks the object, which restarts. Readers must not see any more.
      .catch(() => this.readers.dropAll());
  }

  #tellSoon(length: number): void {
    const timer = this.#timers.set(() => this.#tellNow(0), beginningWaitsMs);
    this.#untold = { length, timer };
  }

  #tellNow(length: number): void {
    const untold = this.#untold;
    this.#untold = null;
    if (untold) this.#timers.clear(untold.timer);
    this.readers.wake(length + (untold?.length ?? 0));
  }
}
