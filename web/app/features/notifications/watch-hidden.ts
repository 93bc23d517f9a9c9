import type { ChatNews } from "api-worker/contracts/news";
import type { Readable } from "../../lib/store.ts";
import { newsConnection, type OpenNews } from "../chats/news/watch-news.ts";

/** Waits between tries, in ms; the last one repeats. */
const retryDelaysMs = [1_000, 5_000, 30_000];

/** An answer that has ended while the page was hidden. */
export interface EndedAnswer {
  readonly chatId: string;
  /** The answer's outcome; null when the page has missed the news of it. */
  readonly status: Extract<ChatNews, { type: "turn-ended" }>["status"] | null;
}

export interface HiddenWatchOptions {
  readonly open: OpenNews;
  /** Applies news to this page. */
  readonly onNews: (news: ChatNews) => void;
  readonly onEnded: (answer: EndedAnswer) => void;
  /** The chats with a live turn. */
  readonly generating: Readable<ReadonlyMap<string, unknown>>;
  /** Waits until no other tab watches, and holds that place until the promise has settled. */
  readonly inTurn: (signal: AbortSignal, watch: () => Promise<void>) => Promise<void>;
}

/**
 * Follows the live answers of a hidden page to their ends. One tab of the browser at a time holds a
 * connection for that, and none does when no answer is being written: over HTTP/1.1 a browser
 * allows six connections for all tabs together.
 */
export class HiddenWatch {
  readonly #options: HiddenWatchOptions;
  /** The chats whose answers are followed. Only news take them out, because a stream ends earlier. */
  readonly #chatIds: Set<string>;
  readonly #stopped = new AbortController();
  #unsubscribe: () => void;
  #isWaiting = false;
  /** Ends the connection, when no chat is left. */
  #finish: (() => void) | null = null;

  /**
   * Watches from now on.
   *
   * @param chatIds chats with a live answer, beside those that `generating` has now
   */
  constructor(options: HiddenWatchOptions, chatIds: readonly string[]) {
    this.#options = options;
    this.#chatIds = new Set(chatIds);
    this.#unsubscribe = options.generating.subscribe(() => this.#add());
    this.#add();
  }

  /** Stops watching: the page is visible again. */
  stop(): void {
    this.#unsubscribe();
    this.#stopped.abort();
    this.#finish?.();
  }

  /** Forgets an answer that another tab has taken care of, and that has left `generating`. */
  forget(chatId: string): void {
    this.#chatIds.delete(chatId);
    if (this.#chatIds.size === 0) this.#finish?.();
  }

  #add(): void {
    for (const chatId of this.#options.generating.value.keys()) this.#chatIds.add(chatId);
    if (this.#chatIds.size === 0 || this.#isWaiting || this.#stopped.signal.aborted) return;
    this.#isWaiting = true;
    void this.#options
      .inTurn(this.#stopped.signal, () => this.#connect())
      .then(
        () => {
          this.#isWaiting = false;
          this.#add();
        },
        // The page has become visible while it waited, or there is no place to wait for. The next
        // change of the chats tries again.
        () => {
          this.#isWaiting = false;
        },
      );
  }

  /** Keeps a connection until no answer is left. */
  async #connect(): Promise<void> {
    if (this.#chatIds.size === 0 || this.#stopped.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const onNews = (news: ChatNews) => this.#apply(news);
    const connection = newsConnection(this.#options.open, onNews, retryDelaysMs);
    this.#finish = resolve;
    connection.connect();
    await promise;
    this.#finish = null;
    connection.stop();
  }

  #apply(news: ChatNews): void {
    this.#options.onNews(news);
    switch (news.type) {
      case "snapshot": {
        const missed = [...this.#chatIds].filter((id) => !news.generatingChatIds.includes(id));
        for (const chatId of missed) this.#end({ chatId, status: null });
        for (const chatId of news.generatingChatIds) this.#chatIds.add(chatId);
        break;
      }
      case "turn-started":
        this.#chatIds.add(news.chatId);
        break;
      case "turn-ended":
        this.#end({ chatId: news.chatId, status: news.status });
        break;
      case "deleted":
        this.#chatIds.delete(news.chatId);
        break;
      case "all-deleted":
        this.#chatIds.clear();
        break;
    }
    if (this.#chatIds.size === 0) this.#finish?.();
  }

  #end(answer: EndedAnswer): void {
    if (this.#chatIds.delete(answer.chatId)) this.#options.onEnded(answer);
  }
}
