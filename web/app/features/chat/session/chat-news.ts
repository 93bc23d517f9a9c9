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

/** Keeps all that this page shows of chats in step with what happens in them on any device. */
export function useChatNews(): void {
  useEffect(() => watchNews(openNews, applyNews), []);
}

const openNews: OpenNews = (observer) => {
  const subscription = api.chats.watch.subscribe(undefined, {
    onData: (news) => observer.onNews(news),
    // The browser would try again by itself, after 3 seconds and without end.
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
      // A chat that has not begun is none of those.
      for (const session of openSessions()) if (session.state.isSaved) session.noteDeleted();
      return;
  }
}

/** What is shown is asked for again at once, anything else when it is shown. */
function outdate(chatId?: string): void {
  const utils = getQueryUtils();
  void utils.chats.list.invalidate();
  void utils.chats.get.invalidate(chatId === undefined ? undefined : { chatId });
  // A session reads its chat's messages itself.
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
