/**
 * Whoever waits for more of one open stream. Each reader pulls from the log at its own pace, so none
 * holds memory for another's slowness; one that falls far behind is let go, and comes back with its
 * last offset.
 */
import { nextCursor } from "../cursor.ts";
import { encodeEvents } from "../stream-events.ts";

/** A reader that has this many bytes waiting without reading is dropped. */
export const readerLagMaxBytes = 256 * 1024;

/** A run of the stream, ready for a reader. */
export interface Slice {
  /** null where there is nothing to show. */
  readonly data: string | null;
  readonly nextOffset: number;
  readonly isUpToDate: boolean;
  /** Whether this is all that there will ever be. */
  readonly isEnd: boolean;
}

export interface EventSource {
  /** What comes after an offset; null when the stream is no more. Counts as reading it. */
  slice(offset: number): Slice | null;
  now(): number;
}

export interface EventOptions {
  readonly cursor: string | null;
  /** A quiet stream sends a control event this often, so that a reader can tell it from a dead one. */
  readonly quietMs: number;
  /** Then the connection ends, and the reader comes back: so that a revoked token ends too. */
  readonly lifeMs: number;
}

interface Waiter {
  /** Resolves a wait; null while the reader is busy elsewhere. */
  wake: (() => void) | null;
  unreadBytes: number;
  drop(): void;
}

export class StreamReaders {
  readonly #waiters = new Set<Waiter>();

  /** Tells everyone that there is more on disk. */
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

  /** Ends all readers: the stream is no more. */
  dropAll(): void {
    for (const waiter of this.#waiters) waiter.drop();
  }

  /** Waits for more, or for the stream's end, but not longer than this. */
  async wait(timeoutMs: number): Promise<void> {
    const waiter: Waiter = { wake: null, unreadBytes: 0, drop: () => waiter.wake?.() };
    this.#waiters.add(waiter);
    await waitForWake(waiter, timeoutMs);
    this.#waiters.delete(waiter);
  }

  /** A byte stream of server-sent events with everything from `offset` on. */
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

/** @returns whether it was woken; false when the time is over */
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
