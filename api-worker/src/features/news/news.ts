/** News for a user's open pages, from any tab or device. */
import { type ChatNews, chatNewsSchema } from "../../contracts/news.ts";
import type { Logger } from "../../platform/log.ts";
import { type Credential, openUserSocket, userObject } from "../../platform/user-object.ts";
import { wakeSearch } from "../search/note-changes.ts";
import { tooManyOpen } from "../subscriptions/take-place.ts";

/** A page with this many unread events is disconnected, and starts again with a snapshot. */
const maxWaiting = 1_000;

/**
 * News after which titles or messages differ from what the search index has. `changed` is not among
 * them: most of it is about pins, sharing and branches. What adds chats wakes the index itself.
 */
const searchedNews: readonly ChatNews["type"][] = [
  "turn-ended",
  "titled",
  "deleted",
  "all-deleted",
];

/**
 * Sends news to the user's open pages, and wakes the search index when it has to follow. Never
 * throws: a page that misses news fetches the lists.
 */
export async function publishNews(
  env: Pick<Env, "USER" | "SEARCH">,
  log: Logger,
  userId: string,
  news: ChatNews,
): Promise<void> {
  if (searchedNews.includes(news.type)) wakeSearch(env, log, userId);
  try {
    await userObject(env, userId).publish(news);
  } catch (error) {
    log.warn("news.publish_failed", { type: news.type, error: String(error) });
  }
}

export interface NewsSocket extends AsyncIterable<ChatNews> {
  close(): void;
  /** How the socket was closed; null while it is open. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

/**
 * Listens to a user's news from now on.
 *
 * @param isHidden whether the listening page is in the background
 * @returns the news. They end when the object restarts, when too many are unread, or on `close`
 * @throws AppError RATE_LIMITED when the user has too many open; another error when the object
 *   cannot be reached
 */
export async function openNews(
  env: Pick<Env, "USER">,
  userId: string,
  credential: Credential,
  isHidden = false,
): Promise<NewsSocket> {
  const kind = isHidden ? "hidden-news" : "news";
  const response = await openUserSocket(env, userId, kind, credential);
  if (response.status === 429) throw tooManyOpen();
  const socket = response.webSocket;
  if (!socket) throw new Error(`The user's object answered ${response.status}.`);
  const waiting: ChatNews[] = [];
  let isOpen = true;
  let wake = Promise.withResolvers<void>();
  const end = () => {
    isOpen = false;
    wake.resolve();
  };
  socket.addEventListener("message", ({ data }) => {
    waiting.push(chatNewsSchema.parse(JSON.parse(String(data))));
    if (waiting.length > maxWaiting) socket.close(1013);
    wake.resolve();
  });
  let closed: NewsSocket["closed"] = null;
  socket.addEventListener("close", ({ code, reason }) => {
    closed = { code, reason };
    end();
  });
  socket.addEventListener("error", end);
  socket.accept();
  return {
    get closed() {
      return closed;
    },
    close() {
      end();
      socket.close(1000);
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift();
        if (next) yield next;
        else if (!isOpen) return;
        else {
          await wake.promise;
          wake = Promise.withResolvers<void>();
        }
      }
    },
  };
}
