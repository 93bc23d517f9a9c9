/**
 * The live readers of one open stream. Each reader pulls from the log at its own pace, so a slow one
 * costs no memory. A reader that falls far behind is disconnected, and reconnects with its last
 * offset.
 */
import { nextCursor } from "../cursor.ts";
import { encodeEvents } from "../stream-events.ts";

/** A reader with more unread bytes than this is disconnected. */
export const readerLagMaxBytes = 256 * 1024;

/** A run of the stream, encoded for a reader. */
export interface Slice {
  /** null when there is nothing to send. */
  readonly data: string | null;
  readonly nextOffset: number;
  readonly isUpToDate: boolean;
  /** Whether the stream is closed and this is its end. */
  readonly isEnd: boolean;
}

export interface EventSource {
  /** The content after an offset; null when the stream has ended. Counts as a read. */
  slice(offset: number): Slice | null;
  now(): number;
}

export interface EventOptions {
  readonly cursor: string | null;
  /** A quiet stream sends a control event this often, so that readers notice a dead connection. */
  readonly quietMs: number;
  /** The connection ends after this time, and the reader reconnects. */
  readonly lifeMs: number;
}

interface Waiter {
  /** Resolves a wait; null while the reader is not waiting. */
  wake: (() => void) | null;
  unreadBytes: number;
  drop(): void;
}

export class StreamReaders {
  readonly #waiters = new Set<Waiter>();

  /** Wakes all readers: more is on disk. */
  wake(addedBytes: number): void {
    for (const waiter of this.#waiters) {
      if (waiter.wake) {
        waiter.wake();
        continue;
      }
      waiter.unreadBytes += addedBytes;
      if (waiter.unreadBytes > readerLagMaxBytes) waiter.drop();
    }
  }

  /** Disconnects all readers: the stream has ended. */
  dropAll(): void {
    for (const waiter of this.#waiters) waiter.drop();
  }

  /** Waits for more content, for the stream's end, or for the timeout. */
  async wait(timeoutMs: number): Promise<void> {
    const waiter: Waiter = { wake: null, unreadBytes: 0, drop: () => waiter.wake?.() };
    this.#waiters.add(waiter);
    await waitForWake(waiter, timeoutMs);
    this.#waiters.delete(waiter);
  }

  /** Opens a byte stream of server-sent events with everything from `offset` on. */
  openEvents(source: EventSource, offset: number, options: EventOptions): ReadableStream {
    const waiters = this.#waiters;
    const endsAt = source.now() + options.lifeMs;
    let position = offset;
    let isFirst = true;
    let isClosed = false;
    const waiter: Waiter = { wake: null, unreadBytes: 0, drop: () => undefined };

    const leave = () => {
      isClosed = true;
      waiters.delete(waiter);
      waiter.wake?.();
    };
    const close = (controller: ReadableByteStreamController) => {
      if (isClosed) return;
      leave();
      controller.close();
      controller.byobRequest?.respond(0);
    };

    return new ReadableStream({
      type: "bytes",
      start(controller) {
        waiter.drop = () => close(controller);
        waiters.add(waiter);
      },
      async pull(controller) {
        waiter.unreadBytes = 0;
        let hasWaited = isFirst;
        while (!isClosed) {
          const slice = source.slice(position);
          if (!slice) return close(controller);
          const { data, nextOffset, isUpToDate, isEnd } = slice;
          if (data !== null || isEnd || hasWaited) {
            const cursor = nextCursor(options.cursor, source.now());
            controller.enqueue(
              encodeEvents(data, { nextOffset, cursor, isUpToDate, isClosed: isEnd }),
            );
            position = nextOffset;
            isFirst = false;
            if (isEnd || source.now() >= endsAt) close(controller);
            return;
          }
          hasWaited = !(await waitForWake(waiter, options.quietMs));
        }
      },
      cancel: leave,
    });
  }
}

/** @returns true when it was woken; false after the timeout */
function waitForWake(waiter: Waiter, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isWoken: boolean) => {
      clearTimeout(timer);
      waiter.wake = null;
      resolve(isWoken);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    waiter.wake = () => end(true);
  });
}
