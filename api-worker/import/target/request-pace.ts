/**
 * Keeps requests below a rate. Cloudflare's API takes 1,200 in five minutes from a token, and answers
 * nothing for the next five minutes to one that sends more.
 */
export class RequestPace {
  readonly #clock: PaceClock;
  readonly #most: number;
  readonly #windowMs: number;
  /** When the last requests began, oldest first. */
  readonly #begun: number[] = [];

  constructor(clock: PaceClock, most: number, windowMs: number) {
    this.#clock = clock;
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Waits until a request may begin. */
  async take(): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      while (this.#begun[0] !== undefined && this.#begun[0] <= now - this.#windowMs) {
        this.#begun.shift();
      }
      const [oldest] = this.#begun;
      if (oldest === undefined || this.#begun.length < this.#most) {
        this.#begun.push(now);
        return;
      }
      await this.#clock.sleep(oldest + this.#windowMs - now);
    }
  }
}

/** Time, which tests replace. */
export interface PaceClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
