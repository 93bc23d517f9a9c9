import type { ChatNews } from "api-worker/contracts/news";
import { type Reconnecting, reconnecting } from "../../../lib/reconnecting.ts";
import { onWake } from "../../../lib/wake.ts";

/** Waits between tries, in ms; the last one repeats. */
const retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export interface NewsObserver {
  onNews(news: ChatNews): void;
  /** The connection is lost and does not reconnect by itself. */
  onError(): void;
  /** The worker ends each connection after some minutes. */
  onEnd(): void;
}

/** @returns a function that closes the connection */
export type OpenNews = (observer: NewsObserver) => () => void;

/**
 * Makes a connection for news, which is opened again when it is lost or ended.
 *
 * @param delaysMs waits between tries; the last one repeats
 */
export function newsConnection(
  open: OpenNews,
  onNews: (news: ChatNews) => void,
  delaysMs: readonly number[],
): Reconnecting {
  const connection = reconnecting((isCurrent) => {
    let hasBrought = false;
    return open({
      onNews: (news) => {
        if (!isCurrent()) return;
        hasBrought = true;
        connection.succeed();
        onNews(news);
      },
      onError: () => {
        if (isCurrent()) connection.retry();
      },
      onEnd: () => {
        if (!isCurrent()) return;
        // Reconnecting after a connection without events would loop.
        if (hasBrought) connection.connect();
        else connection.retry();
      },
    });
  }, delaysMs);
  return connection;
}

/**
 * Keeps one connection for news open while the page is visible. A hidden page holds none, because
 * over HTTP/1.1 a browser allows six connections for all tabs together. Each connection starts with
 * a snapshot, so changes in between are not missed.
 *
 * @returns a function that stops watching
 */
export function watchNews(open: OpenNews, onNews: (news: ChatNews) => void): () => void {
  const connection = newsConnection(open, onNews, retryDelaysMs);
  const start = () => {
    connection.stop();
    connection.succeed();
    if (document.visibilityState === "visible") connection.connect();
  };
  const onHidden = () => {
    if (document.visibilityState === "hidden") connection.stop();
  };

  const stopListening = onWake(start);
  document.addEventListener("visibilitychange", onHidden);
  start();
  return () => {
    stopListening();
    document.removeEventListener("visibilitychange", onHidden);
    connection.stop();
  };
}
