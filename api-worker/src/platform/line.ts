import { InTurn } from "./in-turn.ts";

/** Lets calls pass one after the other, with a bound on how many wait. In one object's memory. */
export class Line {
  readonly #max: number;
  readonly #turns = new InTurn();
  #count = 0;

  /** @param max how many calls run or wait at once */
  constructor(max: number) {
    this.#max = max;
  }

  /** @returns null, without a call, when too many wait */
  async pass<T>(run: () => Promise<T>): Promise<T | null> {
    if (this.#count >= this.#max) return null;
    this.#count += 1;
    try {
      return await this.#turns.run(run);
    } finally {
      this.#count -= 1;
    }
  }
}
