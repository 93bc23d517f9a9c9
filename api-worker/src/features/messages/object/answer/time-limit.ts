/** A timer with a longer delay would fire at once. */
const timerMostMs = 2 ** 31 - 1;

/**
 * The time that an answer may take: counted from its last progress, because a long answer that still
 * grows is healthy, and with a bound on the whole.
 */
export class TimeLimit {
  readonly #idleMs: number;
  readonly #endsAt: number;
  readonly #onReached: () => void;
  #progressAt = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Starts to count.
   *
   * @param limits in milliseconds; `idleMs` without progress, `totalMs` in all
   * @param onReached called once, unless {@link end} comes first
   */
  constructor(
    { idleMs, totalMs }: { readonly idleMs: number; readonly totalMs: number },
    onReached: () => void,
  ) {
    this.#idleMs = idleMs;
    this.#endsAt = this.#progressAt + totalMs;
    this.#onReached = onReached;
    this.#wait();
  }

  /** Called for each chunk, so it sets no timer. */
  seeProgress(): void {
    this.#progressAt = Date.now();
  }

  /** A timer that stayed would keep the object awake long after the answer has ended. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const leftMs = Math.min(this.#progressAt + this.#idleMs, this.#endsAt) - Date.now();
    if (leftMs <= 0) this.#onReached();
    else this.#timer = setTimeout(() => this.#wait(), Math.min(leftMs, timerMostMs));
  }
}
