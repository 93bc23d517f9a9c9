import type { UIMessageChunk } from "ai";
import type { MessagesPort, TurnPosition } from "./messages-port.ts";

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
  { signal, isExpected, wait = waitFor }: TurnReaderOptions,
): OpenTurn {
  const begun = Promise.withResolvers<boolean>();
  // Whoever reads only the chunks learns of a failure there.
  begun.promise.catch(() => {});

  let streamId = position.streamId;
  let lastSeq = -1;
  let failures = 0;
  let isOver = false;
  let disconnect: (() => void) | undefined;
  let controller: ReadableStreamDefaultController<UIMessageChunk>;

  const end = (finish: () => void) => {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener("abort", abort);
    disconnect?.();
    finish();
  };
  const close = () =>
    end(() => {
      begun.resolve(false);
      controller.close();
    });
  const fail = (cause: unknown) =>
    end(() => {
      const error = new TurnLostError("The connection to the answer was lost.", { cause });
      begun.reject(error);
      controller.error(error);
    });
  const abort = () => close();

  const accept = (id: string, chunks: readonly UIMessageChunk[]) => {
    if (isOver) return;
    const event = parseEventId(id);
    // A block that was already read, or one of another turn, must not be applied.
    if (!event || (streamId !== undefined && event.streamId !== streamId)) return;
    if (event.seq <= lastSeq) return;
    streamId = event.streamId;
    lastSeq = event.seq;
    failures = 0;
    begun.resolve(true);
    for (const chunk of chunks) {
      controller.enqueue(chunk);
      if (chunk.type === "finish") return close();
    }
  };

  const connect = () => {
    let isDone = false;
    const after = (next: () => void) => {
      if (isDone || isOver) return;
      isDone = true;
      next();
    };
    disconnect = port.subscribe(
      {
        chatId: position.chatId,
        ...(streamId !== undefined && { streamId }),
        ...(lastSeq >= 0 && { lastEventId: `${streamId}:${lastSeq}` }),
      },
      {
        onEvent: (id, chunks) => {
          if (!isDone) accept(id, chunks);
        },
        onError: (error) => after(() => void retry(error)),
        onEnd: () => after(() => (isExpected || lastSeq >= 0 ? void retry(undefined) : close())),
      },
    );
    // An observer may be called before `subscribe` returns.
    if (isOver) disconnect();
  };

  const retry = async (cause: unknown) => {
    const delayMs = retryDelaysMs[failures];
    failures += 1;
    if (delayMs === undefined) return fail(cause);
    await wait(delayMs);
    if (!isOver) connect();
  };

  const chunks = new ReadableStream<UIMessageChunk>({
    start(streamController) {
      controller = streamController;
      if (signal?.aborted) return close();
      signal?.addEventListener("abort", abort);
      connect();
    },
    cancel() {
      end(() => begun.resolve(false));
    },
  });
  return { chunks, hasBegun: begun.promise };
}

function parseEventId(id: string): { streamId: string; seq: number } | undefined {
  const colon = id.lastIndexOf(":");
  const seq = Number(id.slice(colon + 1));
  if (colon < 1 || id.length === colon + 1 || !Number.isSafeInteger(seq) || seq < 0) return;
  return { streamId: id.slice(0, colon), seq };
}

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
