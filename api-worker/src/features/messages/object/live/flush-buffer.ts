/**
 * Decides when chunks are written to the log: a throttle that fires on the leading edge. At reading
 * speed no chunk waits, and a flood becomes at most 24 rows a second. Owned by a live turn; does no
 * storage itself.
 */

/**
 * A flush is due this long after the previous one. Slightly below 50 ms, so that chunks that come
 * 20 times a second, as fast as people read, never wait, even when one is early.
 */
export const flushIntervalMs = 42;
/** Or as soon as this many characters are waiting. */
export const flushLength = 16_000;

/**
 * When a chunk is written: at once; as soon as a flush is due; or with the next chunk that is not
 * "later", because readers see nothing of this one. Every chunk is written within the interval.
 */
export type Urgency = "now" | "due" | "later";

export interface Timers {
  now(): number;
  set(callback: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
}

export class FlushBuffer {
  #items: string[] = [];
  #length = 0;
  /** Whether all waiting items can wait. */
  #isLater = true;
  /** Of items that were not "later": a mark that was written alone delays no word after it. */
  #lastFlushAt = Number.NEGATIVE_INFINITY;
  #timer: unknown;
  readonly #write: (items: readonly string[]) => void;
  readonly #timers: Timers;

  /** @param write called with all waiting items, in order; never with none */
  constructor(write: (items: readonly string[]) => void, timers: Timers) {
    this.#write = write;
    this.#timers = timers;
  }

  /**
   * @param item JSON text of a chunk
   */
  push(item: string, urgency: Urgency): void {
    this.#items.push(item);
    this.#length += item.length;
    this.#isLater &&= urgency === "later";
    const dueInMs = this.#lastFlushAt + flushIntervalMs - this.#timers.now();
    const isDue = dueInMs <= 0 && urgency !== "later";
    if (urgency === "now" || isDue || this.#length >= flushLength) this.flush();
    else
      this.#timer ??= this.#timers.set(() => this.flush(), dueInMs > 0 ? dueInMs : flushIntervalMs);
  }

  /** Writes the waiting items, if there are any. */
  flush(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#length = 0;
    if (!this.#isLater) this.#lastFlushAt = this.#timers.now();
    this.#isLater = true;
    this.#write(items);
  }
}
