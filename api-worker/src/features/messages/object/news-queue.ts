import type { ChatNews } from "../../../contracts/news.ts";
import type { Timers } from "./live/flush-buffer.ts";

/**
 * The news of a turn's start waits this long, in ms: on its way to the user's pages it would compete
 * with the first word, which the page that has asked draws at the same time.
 */
export const startWaitsMs = 250;

/** Sends a chat's news to its owner, in order. */
export class NewsQueue {
  readonly #send: (userId: string, news: ChatNews) => Promise<void>;
  readonly #timers: Timers;
  /** Sends the waiting news; null when none waits. */
  #sendWaiting: (() => void) | null = null;
  #sent: Promise<void> = Promise.resolve();

  /** @param send never rejects */
  constructor(send: (userId: string, news: ChatNews) => Promise<void>, timers: Timers) {
    this.#send = send;
    this.#timers = timers;
  }

  /**
   * Sends news after all earlier news: the start of a turn shortly, or before the next one; all
   * others at once.
   */
  publish(userId: string, news: ChatNews): void {
    this.#sendWaiting?.();
    const send = () => {
      this.#sent = this.#sent.then(() => this.#send(userId, news));
    };
    if (news.type === "turn-started") this.#sendLater(send);
    else send();
  }

  #sendLater(send: () => void): void {
    const timer = this.#timers.set(() => this.#sendWaiting?.(), startWaitsMs);
    this.#sendWaiting = () => {
      this.#timers.clear(timer);
      this.#sendWaiting = null;
      send();
    };
  }
}
