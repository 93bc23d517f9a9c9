import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Picks numbers and things for random tests. The same seed picks the same. */
export class Dice {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return uniformInt(this.#generator, least, most);
  }

  isOneIn(count: number): boolean {
    return this.between(1, count) === 1;
  }

  /** One of the things; undefined when there are none. */
  pick<T>(things: readonly [T, ...T[]]): T;
  pick<T>(things: readonly T[]): T | undefined;
  pick<T>(things: readonly T[]): T | undefined {
    return things[this.between(0, Math.max(0, things.length - 1))];
  }

  list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: this.between(least, most) }, make);
  }
}
