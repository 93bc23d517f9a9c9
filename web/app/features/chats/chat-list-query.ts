import type { QueryKey } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { ChatOutput } from "api-worker/contracts/chats";
import { limits } from "api-worker/contracts/limits";
import { getQueryClient, getQueryUtils, trpc } from "../../lib/trpc.ts";
import { type ChatPages, mapChats } from "./chat-pages.ts";

/**
 * Input of `chats.list` for the sidebar. Server and browser must pass the same, to share its cache
 * key.
 */
export const chatListInput = { limit: 30 };
/** The same for pinned chats. Pinned chats beyond this limit appear in the ordinary list. */
export const pinnedListInput = { limit: limits.chatsPageMax, pinned: true };

/** The viewer's chats, most recently used first, page by page. */
export function useChatList() {
  return trpc.chats.list.useInfiniteQuery(chatListInput, {
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The viewer's pinned chats, most recently pinned first. */
export function usePinnedChats(): readonly ChatOutput[] {
  const list = trpc.chats.list.useInfiniteQuery(pinnedListInput, {
    getNextPageParam: (page) => page.nextCursor,
  });
  return list.data?.pages.flatMap((page) => page.items) ?? [];
}

const listsKey = getQueryKey(trpc.chats.list, undefined, "infinite");

/** Changes the chats in every cached list. Browser only. */
export function changeChatLists(change: (items: ChatOutput[]) => ChatOutput[]): void {
  getQueryClient().setQueriesData<ChatPages>({ queryKey: listsKey }, (list) =>
    mapChats(list, change),
  );
  askAgain(listsKey);
}

/** Updates a chat in every cached list and on its own page. Browser only. */
export function changeChat(chatId: string, change: Partial<ChatOutput>): void {
  const chatKey = getQueryKey(trpc.chats.get, { chatId }, "query");
  getQueryUtils().chats.get.setData({ chatId }, (known) => known && { ...known, ...change });
  askAgain(chatKey);
  changeChatLists((items) =>
    items.map((item) => (item.id === chatId ? { ...item, ...change } : item)),
  );
}

/** Removes a chat from every list. */
export function forgetInLists(chatId: string): void {
  changeChatLists((items) => items.filter(({ id }) => id !== chatId));
}

/** Refetches queries in flight, because the server may have read its data before the change. */
function askAgain(queryKey: QueryKey): void {
  const client = getQueryClient();
  if (client.isFetching({ queryKey }) === 0) return;
  void client.invalidateQueries({ queryKey, refetchType: "all" });
}
