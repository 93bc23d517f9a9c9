import type { UIMessageChunk } from "ai";
import { joinDataDeltas } from "api-worker/contracts/data-deltas";
import { formatEventId, parseEventId } from "api-worker/contracts/event-id";
import { readError } from "../../../lib/error-text.ts";
import { reconnecting } from "../../../lib/reconnecting.ts";
import { isSessionError } from "../../../lib/session-change.ts";
import { onWake } from "../../../lib/wake.ts";
import { EvenText, isPageCalm } from "./even-text.ts";
import type { MessagesPort, TurnPosition } from "./messages-port.ts";

/** Waits between tries, in ms; the last one repeats. Any chunk that arrives resets them. */
const retryDelaysMs = [250, 500, 1_000, 2_000, 3_000];
/** How long tries may fail, in ms, before the reader gives up the answer as lost. */
const giveUpAfterMs = 60_000;
/** A try that has not reached the server after this long, in ms, has failed. */
const connectWithinMs = 10_000;
/** After this long, in ms, the user is told that the connection is gone. */
const tellAfterMs = 1_000;
/** When the page wakes up, a connection that was silent for this long, in ms, counts as dead. */
const silentAfterMs = 1_000;

/** The turn may still be running, but this reader could not get the rest. */
export class TurnLostError extends Error {
  override readonly name = "TurnLostError";
}

export interface TurnReaderOptions {
  /** Stops reading; the answer continues. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the turn is known to exist, which makes a connection without any event a fault. */
  readonly isExpected: boolean;
  /**
   * Called when the connection has been gone for a second, and when it is back or no longer needed.
   */
  readonly onConnectionGone?: ((isGone: boolean) => void) | undefined;
}

export interface OpenTurn {
  /**
   * The chunks of the turn in order, each once; each piece of a data part carries the part up to
   * now. Closes after the `finish` chunk, or when the signal aborts; fails with a TurnLostError
   * when the rest cannot be read.
   */
  readonly chunks: ReadableStream<UIMessageChunk>;
  /** True at the first event; false when the turn does not exist. Rejects when `chunks` does. */
  readonly hasBegun: Promise<boolean>;
}

/**
 * Reads a turn to its end, over as many connections as needed. Only a `finish` chunk ends a turn:
 * when a connection ends without one, the next one continues after the last event. A connection
 * that ends in an orderly way without any event means that the worker does not know the turn. The
 * reader accepts that, because the list of messages shows what became of it.
 */
export function openTurn(
  port: Pick<MessagesPort, "subscribe">,
  position: Pick<TurnPosition, "chatId" | "streamId">,
  options: TurnReaderOptions,
): OpenTurn {
  const reader = new TurnReader(port, position, options);
  const chunks = new ReadableStream<UIMessageChunk>({
    start: (controller) => reader.start(controller),
    cancel: () => reader.cancel(),
  });
  return { chunks, hasBegun: reader.hasBegun };
}

class TurnReader {
  readonly #port: Pick<MessagesPort, "subscribe">;
  readonly #chatId: string;
  readonly #options: TurnReaderOptions;
  readonly #begun = Promise.withResolvers<boolean>();
  #controller: ReadableStreamDefaultController<UIMessageChunk> | undefined;
  #stopListening: (() => void) | undefined;
  readonly #connection = reconnecting((isCurrent) => this.#open(isCurrent), retryDelaysMs);
  #streamId: string | undefined;
  #lastSeq = -1;
  readonly #joinDeltas = joinDataDeltas<UIMessageChunk>();
  readonly #even = new EvenText((chunk) => this.#controller?.enqueue(chunk), isPageCalm);
  /** Start of the current series of failed tries, in epoch milliseconds. */
  #failingSinceMs: number | undefined;
  /** When the current connection last received anything, or was opened: epoch ms. */
  #lastSignMs = 0;
  #goneTimer: ReturnType<typeof setTimeout> | undefined;
  #isToldGone = false;
  #isOver = false;

  constructor(
    port: Pick<MessagesPort, "subscribe">,
    { chatId, streamId }: Pick<TurnPosition, "chatId" | "streamId">,
    options: TurnReaderOptions,
  ) {
    this.#port = port;
    this.#chatId = chatId;
    this.#streamId = streamId;
    this.#options = options;
    // A caller that reads only the chunks gets the failure there.
    this.#begun.promise.catch(() => {});
  }

  get hasBegun(): Promise<boolean> {
    return this.#begun.promise;
  }

  start(controller: ReadableStreamDefaultController<UIMessageChunk>): void {
    this.#controller = controller;
    const { signal } = this.#options;
    if (signal?.aborted) {
      this.#close();
      return;
    }
    signal?.addEventListener("abort", this.#close);
    this.#stopListening = onWake(() => this.#wake());
    this.#connection.connect();
  }

  cancel(): void {
    this.#even.stop();
    if (this.#end()) this.#begun.resolve(false);
  }

  /** @returns a function that closes the connection */
  #open(isCurrent: () => boolean): () => void {
    let hasBrought = false;
    const next = (step: () => void) => {
      if (!isCurrent() || this.#isOver) return;
      this.#connection.stop();
      step();
    };
    const timer = setTimeout(() => next(() => this.#retry(undefined)), connectWithinMs);
    this.#lastSignMs = Date.now();
    const disconnect = this.#port.subscribe(this.#position(), {
      onOpen: () => {
        if (!isCurrent()) return;
        clearTimeout(timer);
        this.#hearSign();
      },
      onEvent: (id, chunks) => {
        if (!isCurrent()) return;
        clearTimeout(timer);
        hasBrought = true;
        this.#hearSign();
        this.#accept(id, chunks);
      },
      onError: (error) => next(() => (isFinal(error) ? this.#fail(error) : this.#retry(error))),
      onEnd: () => next(() => (hasBrought ? this.#retry(undefined) : this.#endUnknown())),
    });
    return () => {
      clearTimeout(timer);
      disconnect();
    };
  }

  #position(): TurnPosition {
    const streamId = this.#streamId;
    if (streamId === undefined) return { chatId: this.#chatId };
    const position = { chatId: this.#chatId, streamId };
    if (this.#lastSeq < 0) return position;
    return { ...position, lastEventId: formatEventId({ streamId, seq: this.#lastSeq }) };
  }

  #accept(id: string, chunks: readonly UIMessageChunk[]): void {
    const event = parseEventId(id);
    if (this.#isOver || !event) return;
    // Blocks that were already read, or belong to another turn, must not be applied.
    if (this.#streamId !== undefined && event.streamId !== this.#streamId) return;
    if (event.seq <= this.#lastSeq) return;
    this.#streamId = event.streamId;
    this.#lastSeq = event.seq;
    this.#connection.succeed();
    this.#failingSinceMs = undefined;
    this.#begun.resolve(true);
    const end = chunks.findIndex(({ type }) => type === "finish");
    const read = end < 0 ? chunks : chunks.slice(0, end + 1);
    this.#even.accept(read.map(this.#joinDeltas));
    if (end >= 0) this.#close();
  }

  #retry(cause: unknown): void {
    this.#missSign();
    this.#failingSinceMs ??= Date.now();
    if (Date.now() - this.#failingSinceMs >= giveUpAfterMs) {
      this.#fail(cause);
      return;
    }
    this.#connection.retry();
    this.#lastSignMs = 0;
  }

  /** The page has slept, so neither a long wait nor a dead connection should delay it. */
  #wake(): void {
    if (this.#isOver || Date.now() - this.#lastSignMs < silentAfterMs) return;
    this.#missSign();
    // The time asleep does not count as time of trying.
    this.#connection.succeed();
    this.#failingSinceMs = undefined;
    this.#connection.connect();
  }

  #hearSign(): void {
    this.#lastSignMs = Date.now();
    clearTimeout(this.#goneTimer);
    this.#goneTimer = undefined;
    this.#tellGone(false);
  }

  #missSign(): void {
    this.#goneTimer ??= setTimeout(() => this.#tellGone(true), tellAfterMs);
  }

  #tellGone(isGone: boolean): void {
    if (isGone === this.#isToldGone) return;
    this.#isToldGone = isGone;
    this.#options.onConnectionGone?.(isGone);
  }

  readonly #close = (): void => {
    if (!this.#end()) return;
    this.#begun.resolve(false);
    this.#even.flush();
    this.#controller?.close();
  };

  #endUnknown(): void {
    if (this.#options.isExpected || this.#lastSeq >= 0) this.#fail(undefined);
    else this.#close();
  }

  #fail(cause: unknown): void {
    if (!this.#end()) return;
    const error = new TurnLostError("The connection to the answer was lost.", { cause });
    this.#begun.reject(error);
    this.#even.flush();
    this.#controller?.error(error);
  }

  /** @returns false when reading was over before */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#close);
    this.#stopListening?.();
    this.#connection.stop();
    clearTimeout(this.#goneTimer);
    this.#tellGone(false);
    return true;
  }
}

/** Whether an error would be the same on another try. */
function isFinal(error: unknown): boolean {
  const { errorCode } = readError(error);
  return errorCode === "INVALID" || errorCode === "NOT_FOUND" || isSessionError(error);
}
