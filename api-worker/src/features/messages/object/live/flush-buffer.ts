/**
 * Decides when chunks are written down: a throttle on its leading edge. At reading speed nothing
 * waits; a flood becomes at most 24 rows a second. Owned by a live turn; knows no storage.
 */

/**
 * A flush is due this long after the one before it: so that chunks which come 20 times a second, as
 * fast as people read, never wait for it, not even when one is a little early.
 */
export const flushIntervalMs = 42;
/** or as soon as this many characters wait. */
export const flushLength = 16_000;

export interface Timers {
  now(): number;
  set(callback: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
}

export class FlushBuffer {
  #items: string[] = [];
  #length = 0;
  #lastFlushAt = Number.NEGATIVE_INFINITY;
  #timer: unknown;
  readonly #write: (items: readonly string[]) => void;
  readonly #timers: Timers;

  /** @param write called with all that waits, in order; never with nothing */
  constructor(write: (items: readonly string[]) => void, timers: Timers) {
    this.#write = write;
    this.#timers = timers;
  }

  /**
   * @param item JSON text of a chunk
   * @param isUrgent write it now
   */
  push(item: string, isUrgent: boolean): void {
    this.#items.push(item);
    this.#length += item.length;
    const dueInMs = this.#lastFlushAt + flushIntervalMs - this.#timers.now();
    if (isUrgent || dueInMs <= 0 || this.#length >= flushLength) this.flush();
    else this.#timer ??= this.#timers.set(() => this.flush(), dueInMs);
  }

  /** Writes what waits, if anything does. */
  flush(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#length = 0;
    this.#lastFlushAt = this.#timers.now();
    this.#write(items);
  }
}
