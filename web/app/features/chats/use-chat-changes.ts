import type { InfiniteData } from "@tanstack/react-query";
import type { ChatListOutput, ChatOutput } from "api-worker/contracts/chats";
import { trpc } from "../../lib/trpc.ts";
import { chatListInput } from "./chat-list-query.ts";

type ChatListData = InfiniteData<ChatListOutput, string | null>;

/** Renames a chat; the list and the open page show the new title at once. */
export function useRenameChat() {
  const utils = trpc.useUtils();
  return trpc.chats.rename.useMutation({
    onSuccess(chat) {
      utils.chats.get.setData({ chatId: chat.id }, chat);
      utils.chats.list.setInfiniteData(chatListInput, (list) =>
        mapPages(list, (items) => items.map((item) => (item.id === chat.id ? chat : item))),
      );
    },
  });
}

/** Deletes a chat; the list forgets it. What the open page holds stays until one leaves it. */
export function useDeleteChat() {
  const utils = trpc.useUtils();
  return trpc.chats.delete.useMutation({
    onSuccess(_, { chatId }) {
      utils.chats.list.setInfiniteData(chatListInput, (list) =>
        mapPages(list, (items) => items.filter((item) => item.id !== chatId)),
      );
    },
  });
}

function mapPages(
  list: ChatListData | undefined,
  change: (items: ChatOutput[]) => ChatOutput[],
): ChatListData | undefined {
  if (!list) return list;
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
