import type { InfiniteData } from "@tanstack/react-query";
import type { ChatListOutput, ChatOutput } from "api-worker/contracts/chats";

/** The sidebar's chat list as React Query caches it. */
export type ChatPages = InfiniteData<ChatListOutput, string | null>;

/** Changes the chats on each page; undefined stays undefined. */
export function mapChats(
  list: ChatPages | undefined,
  change: (items: ChatOutput[]) => ChatOutput[],
): ChatPages | undefined {
  if (!list) return list;
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
