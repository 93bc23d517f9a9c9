/**
 * Decides when chunks are written to the log: a throttle that fires on the leading edge. Chunks that
 * come no faster than the pace do not wait, and a flood is written at that pace. Owned by a live
 * turn; does no storage itself.
 */
import { Pace } from "./pace.ts";

/** A flush is due when the pace allows it, or as soon as this many characters are waiting. */
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

export const systemTimers: Timers = {
  now: () => Date.now(),
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (timer) => clearTimeout(timer as number),
};

export class FlushBuffer {
  #items: string[] = [];
  #length = 0;
  /** Whether all waiting items can wait. */
  #isLater = true;
  /** Of items that were not "later": a mark that was written alone delays no word after it. */
  readonly #pace: Pace;
  #timer: unknown;
  readonly #write: (items: readonly string[]) => void;
  readonly #timers: Timers;

  /**
   * @param write called with all waiting items, in order; never with none
   * @param intervalMs between two writes, on average
   */
  constructor(write: (items: readonly string[]) => void, timers: Timers, intervalMs: number) {
    this.#write = write;
    this.#timers = timers;
    this.#pace = new Pace(intervalMs);
  }

  /**
   * @param item JSON text of a chunk
   */
  push(item: string, urgency: Urgency): void {
    this.#items.push(item);
    this.#length += item.length;
    this.#isLater &&= urgency === "later";
    const waitMs = this.#pace.waitMs(this.#timers.now());
    const isDue = waitMs === 0 && urgency !== "later";
    if (urgency === "now" || isDue || this.#length >= flushLength) this.flush();
    else this.#timer ??= this.#timers.set(() => this.flush(), waitMs || this.#pace.intervalMs);
  }

  /** Writes the waiting items, if there are any. */
  flush(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#length = 0;
    if (!this.#isLater) this.#pace.take(this.#timers.now());
    this.#isLater = true;
    this.#write(items);
  }
}
