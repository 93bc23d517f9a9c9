import type { ChatNews } from "api-worker/contracts/news";
import { useEffect } from "react";
import { api, getQueryUtils } from "../../../lib/trpc.ts";
import { forgetInLists } from "../../chats/chat-list-query.ts";
import { pendingDeletions } from "../../chats/deletion/pending-deletions.ts";
import { generatingChats } from "../../chats/news/generating-chats.ts";
import { type OpenNews, watchNews } from "../../chats/news/watch-news.ts";
import { isDeletingAllHere } from "../../chats/use-chat-changes.ts";
import { noteVote, refreshVotes } from "../../votes/use-votes.ts";
import { chatEvents } from "./chat-events.ts";
import { findSession, openSessions } from "./chat-sessions.ts";

/** Updates this page when something happens in a chat on any device. */
export function useChatNews(): void {
  useEffect(() => watchNews(openNews, applyNews), []);
}

const openNews: OpenNews = (observer) => {
  const subscription = api.chats.watch.subscribe(undefined, {
    onData: (news) => observer.onNews(news),
    // Close on a lost connection: the browser itself would retry every 3 seconds without end.
    onConnectionStateChange: ({ state, error }) => {
      if (state === "connecting" && error) observer.onError();
    },
    onError: () => observer.onError(),
    onComplete: () => observer.onEnd(),
  });
  return () => subscription.unsubscribe();
};

function applyNews(news: ChatNews): void {
  switch (news.type) {
    case "snapshot":
      generatingChats.replace(news.generatingChatIds);
      outdate();
      refreshVotes();
      for (const session of openSessions()) void session.refresh();
      return;
    case "turn-started":
      generatingChats.start(news.chatId, news.streamId);
      outdate(news.chatId);
      findSession(news.chatId)?.noteTurn(news.streamId);
      return;
    case "turn-ended":
      generatingChats.end(news.chatId, news.streamId);
      outdate(news.chatId);
      findSession(news.chatId)?.noteTurn(news.streamId);
      return;
    case "titled":
      chatEvents.onTitle(news.chatId, news.title);
      return;
    case "changed":
      outdate(news.chatId);
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
      for (const session of openSessions()) if (session.state.isSaved) session.noteDeleted();
      return;
  }
}

/**
 * Marks a chat's cached data, or that of all chats, as outdated. Data in use is refetched at once,
 * other data when it is shown.
 */
function outdate(chatId?: string): void {
  const utils = getQueryUtils();
  void utils.chats.list.invalidate();
  void utils.chats.get.invalidate(chatId === undefined ? undefined : { chatId });
  // A session loads its chat's messages itself.
  void utils.messages.list.invalidate(chatId === undefined ? undefined : { chatId }, {
    refetchType: "none",
  });
}

function forget(chatId: string): void {
  const utils = getQueryUtils();
  forgetInLists(chatId);
  void utils.messages.list.invalidate({ chatId }, { refetchType: "none" });
  generatingChats.end(chatId, null);
  if (!pendingDeletions.has(chatId)) findSession(chatId)?.noteDeleted();
}
