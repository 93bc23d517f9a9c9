/**
 * Counts things that are open, by key, in one isolate. What is open shares the isolate's memory, so
 * the isolate's own count is the one that matters.
 */
export class Places {
  readonly #open = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns a function that frees the place, once; null when all places are taken */
  take(key: string): (() => void) | null {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.#max) return null;
    this.#open.set(key, count + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.#open.get(key) ?? 1) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    };
  }
}
