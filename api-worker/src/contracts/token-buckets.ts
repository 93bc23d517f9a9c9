import type { Clock } from "./clock.ts";

/** Keys that are remembered. A bucket that is forgotten is full again. */
const keysMax = 5_000;

/** Bounds how often something happens, by key, in one isolate's memory: a burst, then a pace. */
export class TokenBuckets {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: Clock;
  /** What is taken and not refilled yet, with the time at which that was so. */
  readonly #taken = new Map<string, { readonly taken: number; readonly at: number }>();

  constructor(most: { readonly burst: number; readonly perSecond: number }, now: Clock) {
    this.#burst = most.burst;
    this.#perSecond = most.perSecond;
    this.#now = now;
  }

  /** @returns false, without taking, when the bucket of the key is empty */
  take(key: string): boolean {
    const now = this.#now();
    const entry = this.#taken.get(key);
    const refilled = entry ? ((now - entry.at) / 1_000) * this.#perSecond : 0;
    const taken = Math.max(0, (entry?.taken ?? 0) - refilled);
    if (taken + 1 > this.#burst) return false;
    // The last key that has taken is the last in the map.
    this.#taken.delete(key);
    this.#taken.set(key, { taken: taken + 1, at: now });
    if (this.#taken.size > keysMax) {
      const [oldest] = this.#taken.keys();
      if (oldest !== undefined) this.#taken.delete(oldest);
    }
    return true;
  }
}
