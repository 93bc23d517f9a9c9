import type { InfiniteData } from "@tanstack/react-query";
import type { ChatListOutput, ChatOutput } from "api-worker/contracts/chats";

/** The sidebar's list as React Query keeps it. */
export type ChatPages = InfiniteData<ChatListOutput, string | null>;

/** Changes the chats of each page; a list that is not there stays away. */
export function mapChats(
  list: ChatPages | undefined,
  change: (items: ChatOutput[]) => ChatOutput[],
): ChatPages | undefined {
  if (!list) return list;
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
