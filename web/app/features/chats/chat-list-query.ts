import { trpc } from "../../lib/trpc.ts";

/** Input of `chats.list` wherever the sidebar's list is meant: server and browser share its cache key. */
export const chatListInput = { limit: 30 };

/** The reader's chats, the last used first, page by page. */
export function useChatList() {
  return trpc.chats.list.useInfiniteQuery(chatListInput, {
    getNextPageParam: (page) => page.nextCursor,
  });
}
