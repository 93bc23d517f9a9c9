import type { UIMessageChunk } from "ai";
import type { MessagesPort, TurnPosition } from "./messages-port.ts";
import { waitFor } from "./wait.ts";

/** Waits between two tries, in ms. Any chunk that arrives starts the row again. */
const retryDelaysMs = [250, 500, 1_000, 2_000, 4_000, 8_000];

/** The answer may go on, but this reader could not get the rest of it. */
export class TurnLostError extends Error {
  override readonly name = "TurnLostError";
}

export interface TurnReaderOptions {
  /** Ends the reading, never the answer. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the turn is known to exist, so that a connection without any event is a fault. */
  readonly isExpected: boolean;
  /** Waits the given ms; replaced in tests. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

export interface OpenTurn {
  /**
   * The chunks of the turn in order, none twice. Closes behind the `finish` chunk, or when the
   * signal aborts; fails with a TurnLostError when the rest cannot be had.
   */
  readonly chunks: ReadableStream<UIMessageChunk>;
  /** True at the first event; false when there is no such turn. Rejects as `chunks` does. */
  readonly hasBegun: Promise<boolean>;
}

/**
 * Reads a turn to its end over as many connections as that takes. Only a `finish` chunk ends a
 * turn: when a connection ends without one, the next begins behind the last event that came.
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
  #disconnect: (() => void) | undefined;
  #streamId: string | undefined;
  #lastSeq = -1;
  /** Tries in a row that brought nothing. */
  #failures = 0;
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
    // Whoever reads only the chunks learns of a failure there.
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
    this.#connect();
  }

  cancel(): void {
    if (this.#end()) this.#begun.resolve(false);
  }

  #connect(): void {
    let isLeft = false;
    const leave = (next: () => void) => {
      if (isLeft || this.#isOver) return;
      isLeft = true;
      next();
    };
    this.#disconnect = this.#port.subscribe(this.#position(), {
      onEvent: (id, chunks) => {
        if (!isLeft) this.#accept(id, chunks);
      },
      onError: (error) => leave(() => this.#retry(error)),
      onEnd: () =>
        leave(() => {
          const isTurn = this.#options.isExpected || this.#lastSeq >= 0;
          if (isTurn) this.#retry(undefined);
          else this.#close();
        }),
    });
    // An observer may be called before `subscribe` returns.
    if (this.#isOver) this.#disconnect();
  }

  #position(): TurnPosition {
    const streamId = this.#streamId;
    if (streamId === undefined) return { chatId: this.#chatId };
    const lastEventId = this.#lastSeq >= 0 ? `${streamId}:${this.#lastSeq}` : undefined;
    return { chatId: this.#chatId, streamId, ...(lastEventId !== undefined && { lastEventId }) };
  }

  #accept(id: string, chunks: readonly UIMessageChunk[]): void {
    const event = parseEventId(id);
    if (this.#isOver || !event) return;
    // A block that was already read, or one of another turn, must not be applied.
    if (this.#streamId !== undefined && event.streamId !== this.#streamId) return;
    if (event.seq <= this.#lastSeq) return;
    this.#streamId = event.streamId;
    this.#lastSeq = event.seq;
    this.#failures = 0;
    this.#begun.resolve(true);
    for (const chunk of chunks) {
      this.#controller?.enqueue(chunk);
      if (chunk.type === "finish") {
        this.#close();
        return;
      }
    }
  }

  #retry(cause: unknown): void {
    const delayMs = retryDelaysMs[this.#failures];
    this.#failures += 1;
    if (delayMs === undefined) {
      this.#fail(cause);
      return;
    }
    const { wait = waitFor } = this.#options;
    void wait(delayMs).then(() => {
      if (!this.#isOver) this.#connect();
    });
  }

  readonly #close = (): void => {
    if (!this.#end()) return;
    this.#begun.resolve(false);
    this.#controller?.close();
  };

  #fail(cause: unknown): void {
    if (!this.#end()) return;
    const error = new TurnLostError("The connection to the answer was lost.", { cause });
    this.#begun.reject(error);
    this.#controller?.error(error);
  }

  /** @returns false when it was over before */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#close);
    this.#disconnect?.();
    return true;
  }
}

function parseEventId(id: string): { streamId: string; seq: number } | undefined {
  const colon = id.lastIndexOf(":");
  const seq = Number(id.slice(colon + 1));
  if (colon < 1 || id.length === colon + 1 || !Number.isSafeInteger(seq) || seq < 0) return;
  return { streamId: id.slice(0, colon), seq };
}
