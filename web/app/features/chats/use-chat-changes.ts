import { getMutationKey } from "@trpc/react-query";
import { getQueryClient, trpc } from "../../lib/trpc.ts";
import { chatListInput } from "./chat-list-query.ts";
import { mapChats, withoutChat } from "./chat-pages.ts";

/** Renames a chat; the list and the open page show the new title at once. */
export function useRenameChat() {
  const utils = trpc.useUtils();
  return trpc.chats.rename.useMutation({
    onSuccess(chat) {
      utils.chats.get.setData({ chatId: chat.id }, (known) => known && { ...known, ...chat });
      utils.chats.list.setInfiniteData(chatListInput, (list) =>
        mapChats(list, (items) => items.map((item) => (item.id === chat.id ? chat : item))),
      );
    },
  });
}

/** Deletes a chat; the list forgets it. What the open page holds stays until one leaves it. */
export function useDeleteChat() {
  const utils = trpc.useUtils();
  return trpc.chats.delete.useMutation({
    onSuccess(_, { chatId }) {
      utils.chats.list.setInfiniteData(chatListInput, (list) => withoutChat(list, chatId));
    },
  });
}

/** Whether this very page is deleting a chat, and so needs not be told that it is gone. */
export function isDeletingHere(chatId: string): boolean {
  const count = getQueryClient().isMutating({
    mutationKey: getMutationKey(trpc.chats.delete),
    predicate: ({ state }) => (state.variables as { chatId: string }).chatId === chatId,
  });
  return count > 0;
}
