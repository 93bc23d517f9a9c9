/**
 * One open stream, from its creation to its end. Runs in the stream's Durable Object. An append is
 * on disk before any reader sees it and before the append is confirmed.
 */
import { streamLimits } from "../../../contracts/streams.ts";
import { newId } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/log.ts";
import type { StreamBytes } from "../queries.ts";
import {
  type AppendCommand,
  type AppendResult,
  type CreateCommand,
  type CreateResult,
  type EventsResult,
  type FittingAppend,
  mediaType,
  type Page,
  type ReadResult,
  type StreamContent,
  type StreamFacts,
  type StreamPlace,
  type StreamPosition,
} from "../stream-protocol.ts";
import { closerOf, contentBytes, judgeAppend } from "./append-rules.ts";
import { type EventOptions, StreamReaders } from "./stream-readers.ts";
import { readPage, readSlice } from "./stream-slices.ts";
import { type StreamRow, StreamStore } from "./stream-store.ts";

/** A creation that takes longer than this is given up by the alarm. */
const creationMaxMs = 30_000;
const retryBaseMs = 1_000;
const retryMaxMs = 10 * 60 * 1000;
/** A read is recorded when 1/20 of the stream's lifetime has passed since the last record. */
const accessStepsPerLife = 20;

/** The owner's list of streams, in D1. */
export interface StreamList {
  /** @param bytes that the object may hold */
  add(place: StreamPlace, held: StreamBytes): Promise<"listed" | "too-many" | "full">;
  /** Raises the bytes that the object may hold. */
  raise(place: StreamPlace, held: StreamBytes): Promise<"raised" | "missing" | "full">;
  remove(place: StreamPlace): Promise<void>;
}

export interface OpenStreamDeps {
  readonly storage: DurableObjectStorage;
  readonly list: StreamList;
  readonly now: () => number;
  readonly log: Logger;
}

/** What is durable, and so all that readers may see. */
interface Durable {
  readonly nextOffset: number;
  readonly isClosed: boolean;
}

export class OpenStream {
  readonly #deps: OpenStreamDeps;
  readonly #store: StreamStore;
  readonly #readers = new StreamReaders();
  #row: StreamRow | undefined;
  #durable: Durable;
  /** `accessedAt` as stored. */
  #writtenAccessAt: number;
  /** Creations and ends run one after the other, because each changes the owner's list too. */
  #changes: Promise<unknown> = Promise.resolve();
  /** While the owner's list is asked for more bytes. Later appends wait, so that they keep their order. */
  #raising: Promise<void> | null = null;

  constructor(deps: OpenStreamDeps) {
    this.#deps = deps;
    this.#store = new StreamStore(deps.storage);
    const row = this.#store.get();
    this.#row = row;
    this.#durable = { nextOffset: row?.nextOffset ?? 0, isClosed: row?.isClosed === 1 };
    this.#writtenAccessAt = row?.accessedAt ?? 0;
    // Reads since then may be unrecorded. Ending the stream late is better than ending it early.
    if (row) row.accessedAt += accessStepMs(row);
  }

  /** Creates the stream. Repeating the same creation changes nothing. */
  create(command: CreateCommand): Promise<CreateResult> {
    return this.#change(async () => {
      const existing = this.#live();
      if (existing) return this.#compare(existing, command);
      const { storage, list } = this.#deps;
      const row = newRow(command, this.#deps.now());
      if (this.#row) this.#store.deleteContent(this.#row.streamId);
      this.#store.insert(row);
      this.#row = row;
      // Whatever happens next, the alarm makes the list and this object agree again.
      void storage.setAlarm(this.#deps.now() + creationMaxMs);
      const bytes = heldBytes(contentBytes(command));
      const added = await list.add(command.place, { bytes, storage: command.storage });
      if (added !== "listed") {
        await this.#forget();
        return { kind: added === "full" ? "storage-full" : "too-many-streams" };
      }
      storage.transactionSync(() => {
        row.state = "live";
        row.accessedAt = this.#deps.now();
        if (command.content) this.#write(row, command.content);
        row.isClosed = command.isClosed ? 1 : 0;
        this.#store.update(row);
      });
      this.#writtenAccessAt = row.accessedAt;
      void storage.setAlarm(expiryOf(row));
      await storage.sync();
      this.#durable = { nextOffset: row.nextOffset, isClosed: command.isClosed };
      return { kind: "created", facts: this.#facts(row) };
    });
  }

  #compare(row: StreamRow, { config, isClosed }: CreateCommand): CreateResult {
    const isSame =
      mediaType(config.contentType) === mediaType(row.contentType) &&
      config.ttlSeconds === row.ttlSeconds &&
      config.expiresAt === row.expiresAt &&
      isClosed === (row.isClosed === 1);
    return isSame ? { kind: "exists", facts: this.#facts(row) } : { kind: "conflict" };
  }

  /** Appends, closes, or both. Resolves when it is on disk. */
  async append(command: FittingAppend): Promise<AppendResult> {
    while (this.#raising) await this.#raising;
    const row = this.#live();
    if (!row) return { kind: "missing" };
    const { producer } = command;
    const known = producer ? this.#store.getProducer(producer.id) : undefined;
    const verdict = judgeAppend(row, command, known, producer ? this.#store.countProducers() : 0);
    if (verdict.kind === "accept") {
      const refusal = await this.#storeFitting(row, command);
      if (refusal) return refusal;
    } else if (verdict.kind !== "duplicate") {
      return verdict;
    }
    const { nextOffset } = row;
    const isClosed = row.isClosed === 1;
    // A duplicate is confirmed only when the original is on disk.
    await this.#deps.storage.sync();
    if (row.state === "live") this.#publish(nextOffset, isClosed);
    if (verdict.kind === "accept") {
      this.#readers.wake(contentBytes(command));
      return { kind: "appended", nextOffset, isClosed, producerSeq: producer?.seq ?? null };
    }
    return { kind: "duplicate", nextOffset, isClosed, producerSeq: verdict.producerSeq };
  }

  /** Stores an accepted append, after raising the bytes in the owner's list if it needs more. */
  async #storeFitting(row: StreamRow, command: FittingAppend): Promise<AppendResult | null> {
    const bytes = heldBytes(row.contentBytes + contentBytes(command));
    if (bytes <= heldBytes(row.contentBytes)) {
      this.#storeAppend(row, command);
      return null;
    }
    const raising = Promise.withResolvers<void>();
    this.#raising = raising.promise;
    try {
      const raised = await this.#deps.list.raise(row, { bytes, storage: command.storage });
      if (raised === "full") return { kind: "storage-full" };
      // The stream may have ended in the meantime.
      if (raised === "missing" || this.#live() !== row) return { kind: "missing" };
      this.#storeAppend(row, command);
      return null;
    } finally {
      this.#raising = null;
      raising.resolve();
    }
  }

  #storeAppend(row: StreamRow, { producer, content, streamSeq, isClosing }: AppendCommand): void {
    this.#deps.storage.transactionSync(() => {
      if (content) this.#write(row, content);
      if (producer) this.#store.setProducer(producer);
      if (streamSeq !== null) row.lastStreamSeq = streamSeq;
      if (isClosing) {
        row.isClosed = 1;
        row.closedBy = producer && closerOf(producer);
      }
      row.accessedAt = this.#deps.now();
      this.#store.update(row);
    });
    this.#writtenAccessAt = row.accessedAt;
  }

  /**
   * Reads the first page of what the stream holds.
   *
   * @param waitMs how long to wait for more when there is nothing after `from`
   */
  async read(from: StreamPosition, waitMs: number): Promise<ReadResult> {
    const row = this.#touch();
    if (!row) return { kind: "missing" };
    const startOffset = from === "now" ? this.#durable.nextOffset : from;
    if (startOffset > this.#durable.nextOffset) return { kind: "past-end" };
    const mustWait =
      waitMs > 0 && startOffset === this.#durable.nextOffset && !this.#durable.isClosed;
    if (mustWait) {
      await this.#readers.wait(waitMs);
      // Another stream may have been created at this path in the meantime.
      if (this.#touch() !== row) return { kind: "missing" };
    }
    const page = readPage(this.#store.log, row, startOffset, this.#durable);
    return { kind: "content", facts: this.#facts(row), startOffset, page };
  }

  /**
   * Reads the next page of a response.
   *
   * @returns null when the stream has ended
   */
  readOn(streamId: string, offset: number, untilOffset: number): Page | null {
    const row = this.#touch();
    if (row?.streamId !== streamId) return null;
    return readPage(this.#store.log, row, offset, { nextOffset: untilOffset });
  }

  /** Follows the stream by server-sent events. */
  events(from: StreamPosition, options: EventOptions): EventsResult {
    const row = this.#touch();
    if (!row) return { kind: "missing" };
    const offset = from === "now" ? this.#durable.nextOffset : from;
    if (offset > this.#durable.nextOffset) return { kind: "past-end" };
    const source = {
      now: this.#deps.now,
      slice: (position: number) =>
        this.#touch() === row ? readSlice(this.#store.log, row, position, this.#durable) : null,
    };
    const stream = this.#readers.openEvents(source, offset, options);
    return { kind: "events", facts: this.#facts(row), stream };
  }

  /** The state of the stream; null when there is none. Does not count as a read. */
  head(): StreamFacts | null {
    const row = this.#live();
    return row ? this.#facts(row) : null;
  }

  /** Ends the stream. @returns false when there was none */
  delete(): Promise<boolean> {
    return this.#change(async () => {
      const row = this.#live();
      if (!row) return false;
      this.#end(row);
      await this.#leaveList();
      return true;
    });
  }

  /** Ends an expired stream and updates the owner's list. */
  alarm(): Promise<void> {
    return this.#change(async () => {
      const row = this.#live();
      if (row) await this.#deps.storage.setAlarm(expiryOf(row));
      else if (this.#row) await this.#leaveList();
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(change);
    this.#changes = result.catch(() => undefined);
    return result;
  }

  /** The live stream, if there is one. Ends it first when it has expired. */
  #live(): StreamRow | undefined {
    const row = this.#row;
    if (row?.state !== "live") return undefined;
    if (this.#deps.now() < expiryOf(row)) return row;
    this.#end(row);
    return undefined;
  }

  /** The live stream, for a reader. A read extends the stream's lifetime. */
  #touch(): StreamRow | undefined {
    const row = this.#live();
    if (!row || row.ttlSeconds === null) return row;
    row.accessedAt = this.#deps.now();
    if (row.accessedAt - this.#writtenAccessAt >= accessStepMs(row)) {
      this.#store.update(row);
      this.#writtenAccessAt = row.accessedAt;
    }
    return row;
  }

  #write(row: StreamRow, content: StreamContent): void {
    const { log } = this.#store;
    if (content.kind === "json") log.append(row.streamId, row.nextOffset, content.items);
    else log.appendBytes(row.streamId, row.nextOffset, content.bytes);
    row.nextOffset += content.kind === "json" ? content.items.length : content.bytes.length;
    row.contentBytes += contentBytes({ content });
  }

  #publish(nextOffset: number, isClosed: boolean): void {
    // Appends that wait for the disk at the same time may resolve in any order.
    this.#durable = {
      nextOffset: Math.max(nextOffset, this.#durable.nextOffset),
      isClosed: isClosed || this.#durable.isClosed,
    };
  }

  #facts(row: StreamRow): StreamFacts {
    const { streamId, contentType, ttlSeconds, expiresAt } = row;
    return { streamId, contentType, ttlSeconds, expiresAt, ...this.#durable };
  }

  /** Ends the stream now. The alarm removes it from the owner's list. */
  #end(row: StreamRow): void {
    const { storage, now } = this.#deps;
    storage.transactionSync(() => {
      this.#store.deleteContent(row.streamId);
      row.state = "ended";
      this.#store.update(row);
    });
    void storage.setAlarm(now());
    this.#durable = { nextOffset: 0, isClosed: false };
    this.#readers.dropAll();
  }

  /** Removes an ended or abandoned stream from the owner's list, and then deletes it. */
  async #leaveList(): Promise<void> {
    const row = this.#row;
    if (!row) return;
    const { list, storage, now, log } = this.#deps;
    try {
      await list.remove(row);
    } catch (error) {
      row.attempts += 1;
      this.#store.update(row);
      log.warn("streams.not_removed_from_list", { error: String(error) });
      await storage.setAlarm(now() + Math.min(retryBaseMs * 2 ** row.attempts, retryMaxMs));
      return;
    }
    await this.#forget();
  }

  async #forget(): Promise<void> {
    this.#row = undefined;
    await this.#store.deleteAll();
  }
}

const kibibyte = 1024;

/**
 * The bytes that the owner's list has for a stream with some content: rounded up, so that most
 * appends need no write to the list.
 */
function heldBytes(bytes: number): number {
  const step = bytes <= 1024 * kibibyte ? 64 * kibibyte : 1024 * kibibyte;
  return Math.max(1, Math.ceil(bytes / step)) * step;
}

function newRow({ place, config }: CreateCommand, now: number): StreamRow {
  return {
    ...place,
    ...config,
    streamId: newId(),
    state: "creating",
    accessedAt: now,
    nextOffset: 0,
    contentBytes: 0,
    isClosed: 0,
    closedBy: null,
    lastStreamSeq: null,
    attempts: 0,
  };
}

function expiryOf({ expiresAt, ttlSeconds, accessedAt }: StreamRow): number {
  return expiresAt ?? accessedAt + (ttlSeconds ?? streamLimits.defaultTtlSeconds) * 1000;
}

function accessStepMs({ ttlSeconds }: StreamRow): number {
  return ((ttlSeconds ?? 0) * 1000) / accessStepsPerLife;
}
