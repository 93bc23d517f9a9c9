/**
 * The pace of writes: one in each interval on average, and each may come up to half an interval
 * early, so that an uneven source of the same pace never waits. Owned by one writer; sets no timers.
 */

/**
 * Milliseconds between two flushes. A fiftieth less than the setting says, so that chunks that come as
 * often as that never wait, whatever the clocks are like.
 */
export function flushIntervalMs(flushesPerSecond: number): number {
  return 980 / flushesPerSecond;
}

export class Pace {
  readonly #intervalMs: number;
  /** When the next write would come if all came evenly, in epoch milliseconds. */
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Milliseconds until a write may come; 0 for now. Never more than an interval. */
  waitMs(now: number): number {
    const waitMs = this.#dueAt - this.#earlyMs - now;
    return Math.min(this.#intervalMs, Math.max(0, waitMs));
  }

  /** Counts a write. One that came before it was due delays later ones by no more than another. */
  take(now: number): void {
    const latest = now + this.#earlyMs + this.#intervalMs;
    this.#dueAt = Math.min(latest, Math.max(this.#dueAt, now) + this.#intervalMs);
  }

  get #earlyMs(): number {
    return this.#intervalMs / 2;
  }
}
