/** Picks numbers and things for random tests. The same seed picks the same. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number, both ends included. @see https://github.com/cprosche/mulberry32 */
  between(least: number, most: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const share = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return least + Math.floor(share * (most - least + 1));
  }

  isOneIn(count: number): boolean {
    return this.between(1, count) === 1;
  }

  pick<T>(things: readonly [T, ...T[]]): T {
    return things[this.between(0, things.length - 1)] as T;
  }
}
