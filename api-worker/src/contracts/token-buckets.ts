/** Keys that are remembered. A bucket that is forgotten is full again. */
const keysMax = 5_000;

/** Bounds how much happens, by key, in one isolate's memory: a burst, then a pace. */
export class TokenBuckets {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  /** What is taken and not refilled yet, with the time at which that was so. */
  readonly #taken = new Map<string, { readonly taken: number; readonly at: number }>();

  /** @param now the time in ms */
  constructor(most: { readonly burst: number; readonly perSecond: number }, now: () => number) {
    this.#burst = most.burst;
    this.#perSecond = most.perSecond;
    this.#now = now;
  }

  /** @returns false, without taking, when the bucket of the key is empty */
  take(key: string): boolean {
    if (this.left(key) < 1) return false;
    this.spend(key, 1);
    return true;
  }

  /** @returns what is left in the bucket of the key; never less than 0 */
  left(key: string): number {
    return Math.max(0, this.#burst - this.#takenOf(key));
  }

  /** Takes from a bucket, more than is left if need be. A count below 0 is given back. */
  spend(key: string, count: number): void {
    const taken = Math.max(0, this.#takenOf(key) + count);
    // The last key that has taken is the last in the map.
    this.#taken.delete(key);
    this.#taken.set(key, { taken, at: this.#now() });
    if (this.#taken.size <= keysMax) return;
    const [oldest] = this.#taken.keys();
    if (oldest !== undefined) this.#taken.delete(oldest);
  }

  #takenOf(key: string): number {
    const entry = this.#taken.get(key);
    if (!entry) return 0;
    const refilled = ((this.#now() - entry.at) / 1_000) * this.#perSecond;
    return Math.max(0, entry.taken - refilled);
  }
}
