import type { ChatNews } from "api-worker/contracts/news";
import { useEffect } from "react";
import { checkSession, isLeaving } from "../../../lib/session-change.ts";
import { api, getQueryUtils } from "../../../lib/trpc.ts";
import { forgetInLists } from "../../chats/chat-list-query.ts";
import { pendingDeletions } from "../../chats/deletion/pending-deletions.ts";
import { generatingChats } from "../../chats/news/generating-chats.ts";
import { type NewsObserver, type OpenNews, watchNews } from "../../chats/news/watch-news.ts";
import { outdateChats } from "../../chats/outdate-chats.ts";
import { isDeletingAllHere } from "../../chats/use-chat-changes.ts";
import { noteVote, refreshVotes } from "../../votes/use-votes.ts";
import { chatEvents } from "./chat-events.ts";
import { findSession, openSessions } from "./chat-sessions.ts";

/** Updates this page when something happens in a chat on any device. */
export function useChatNews(): void {
  useEffect(() => watchNews(openNews, applyNews), []);
}

const openNews: OpenNews = (observer) => watch(undefined, observer);

/** Opens a connection for news of a page that is in the background. */
export const openHiddenNews: OpenNews = (observer) => watch({ isHidden: true }, observer);

function watch(input: { isHidden: boolean } | undefined, observer: NewsObserver): () => void {
  const lose = () => {
    if (isLeaving()) return;
    observer.onError();
    // The browser does not say why a connection was refused. It may be that the session has ended.
    void checkSession("page");
  };
  const subscription = api.chats.watch.subscribe(input, {
    onData: (news) => observer.onNews(news),
    // Close on a lost connection: the browser itself would retry every 3 seconds without end.
    onConnectionStateChange: ({ state, error }) => {
      if (state === "connecting" && error) lose();
    },
    onError: lose,
    onComplete: () => observer.onEnd(),
  });
  return () => subscription.unsubscribe();
}

/** Updates this page with news. */
export function applyNews(news: ChatNews): void {
  switch (news.type) {
    case "snapshot":
      generatingChats.replace(news.generatingChatIds);
      outdateChats();
      refreshVotes();
      for (const session of openSessions()) void session.refresh();
      return;
    case "turn-started":
      generatingChats.start(news.chatId, news.streamId);
      outdateChats(news.chatId);
      findSession(news.chatId)?.noteTurn(news.streamId);
      return;
    case "turn-ended":
      generatingChats.end(news.chatId, news.streamId);
      outdateChats(news.chatId);
      findSession(news.chatId)?.noteTurn(news.streamId);
      return;
    case "titled":
      chatEvents.onTitle(news.chatId, news.title);
      return;
    case "changed":
      outdateChats(news.chatId);
      findSession(news.chatId)?.noteChange();
      return;
    case "voted":
      noteVote(news.chatId, news);
      return;
    case "deleted":
      forget(news.chatId);
      return;
    case "all-deleted":
      generatingChats.replace([]);
      void getQueryUtils().chats.list.invalidate();
      if (isDeletingAllHere()) return;
      // A chat that has not started was not among the deleted ones.
      for (const session of openSessions()) if (session.isSaved) session.noteDeleted();
      return;
  }
}

function forget(chatId: string): void {
  const utils = getQueryUtils();
  forgetInLists(chatId);
  void utils.messages.list.invalidate({ chatId }, { refetchType: "none" });
  generatingChats.end(chatId, null);
  if (!pendingDeletions.has(chatId)) findSession(chatId)?.noteDeleted();
}
