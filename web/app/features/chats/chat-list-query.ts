import type { QueryKey } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { ChatOutput } from "api-worker/contracts/chats";
import { limits } from "api-worker/contracts/limits";
import { getQueryClient, getQueryUtils, trpc } from "../../lib/trpc.ts";
import { type ChatPages, mapChats } from "./chat-pages.ts";

/** Input of `chats.list` wherever the sidebar's list is meant: server and browser share its cache key. */
export const chatListInput = { limit: 30 };
/** The same for the pinned ones; more than so many are among the others, too. */
export const pinnedListInput = { limit: limits.chatsPageMax, pinned: true };

/** The reader's chats, the last used first, page by page. */
export function useChatList() {
  return trpc.chats.list.useInfiniteQuery(chatListInput, {
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The reader's pinned chats, the last pinned first. */
export function usePinnedChats(): readonly ChatOutput[] {
  const list = trpc.chats.list.useInfiniteQuery(pinnedListInput, {
    getNextPageParam: (page) => page.nextCursor,
  });
  return list.data?.pages.flatMap((page) => page.items) ?? [];
}

const listsKey = getQueryKey(trpc.chats.list, undefined, "infinite");

/** Changes the chats of every list that this page has. Browser only. */
export function changeChatLists(change: (items: ChatOutput[]) => ChatOutput[]): void {
  getQueryClient().setQueriesData<ChatPages>({ queryKey: listsKey }, (list) =>
    mapChats(list, change),
  );
  askAgain(listsKey);
}

/** Changes what this page knows of a chat, in every list and on its own page. Browser only. */
export function changeChat(chatId: string, change: Partial<ChatOutput>): void {
  const chatKey = getQueryKey(trpc.chats.get, { chatId }, "query");
  getQueryUtils().chats.get.setData({ chatId }, (known) => known && { ...known, ...change });
  askAgain(chatKey);
  changeChatLists((items) =>
    items.map((item) => (item.id === chatId ? { ...item, ...change } : item)),
  );
}

/** Takes a chat out of every list. */
export function forgetInLists(chatId: string): void {
  changeChatLists((items) => items.filter(({ id }) => id !== chatId));
}

/** What is on its way may have been answered before the change, and would take it back. */
function askAgain(queryKey: QueryKey): void {
  const client = getQueryClient();
  if (client.isFetching({ queryKey }) === 0) return;
  void client.invalidateQueries({ queryKey, refetchType: "all" });
}
