import type { ChatNews } from "api-worker/contracts/news";
import { onWake } from "../../../lib/wake.ts";

/** Waits between two tries, in ms; the last one repeats. */
const retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export interface NewsObserver {
  onNews(news: ChatNews): void;
  /** The connection is gone, and does not come back by itself. */
  onError(): void;
  /** The worker ends each connection after some minutes. */
  onEnd(): void;
}

/** @returns a function that closes the connection */
export type OpenNews = (observer: NewsObserver) => () => void;

/**
 * Keeps one connection for news open while the page can be seen. A hidden page holds none: over
 * HTTP/1.1 a browser allows six for all of its tabs together. Each connection begins with a
 * snapshot, so what happens in between is not missed.
 *
 * @returns a function that ends it
 */
export function watchNews(open: OpenNews, onNews: (news: ChatNews) => void): () => void {
  let leave: (() => void) | undefined;
  let failures = 0;

  const connect = () => {
    let isLeft = false;
    let hasBrought = false;
    let close: (() => void) | undefined;
    leave = () => {
      isLeft = true;
      close?.();
    };
    const next = (isOrderly: boolean) => {
      if (isLeft) return;
      leave?.();
      // One that ends without a word would be opened again without end.
      if (isOrderly && hasBrought) connect();
      else retry();
    };
    close = open({
      onNews: (news) => {
        if (isLeft) return;
        hasBrought = true;
        failures = 0;
        onNews(news);
      },
      onError: () => next(false),
      onEnd: () => next(true),
    });
    if (isLeft) close();
  };
  const retry = () => {
    const timer = setTimeout(connect, retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)]);
    failures += 1;
    leave = () => clearTimeout(timer);
  };
  const stop = () => {
    leave?.();
    leave = undefined;
  };
  const start = () => {
    stop();
    failures = 0;
    if (document.visibilityState === "visible") connect();
  };
  const onHidden = () => {
    if (document.visibilityState === "hidden") stop();
  };

  const stopListening = onWake(start);
  document.addEventListener("visibilitychange", onHidden);
  start();
  return () => {
    stopListening();
    document.removeEventListener("visibilitychange", onHidden);
    stop();
  };
}
