import { getMutationKey } from "@trpc/react-query";
import type { ChatOutput } from "api-worker/contracts/chats";
import { getQueryClient, trpc } from "../../lib/trpc.ts";
import { changeChatLists } from "./chat-list-query.ts";

/** Renames a chat; the lists and the open page show the new title at once. */
export function useRenameChat() {
  const utils = trpc.useUtils();
  return trpc.chats.rename.useMutation({ onSuccess: (chat) => showChange(utils, chat) });
}

/** Pins a chat, or takes the pin away; the sidebar shows it at once. */
export function usePinChat() {
  const utils = trpc.useUtils();
  return trpc.chats.pin.useMutation({
    onSuccess(chat) {
      showChange(utils, chat);
      void utils.chats.list.invalidate();
    },
  });
}

/** Makes a chat public or private; the lists and the open page show it at once. */
export function useSetVisibility() {
  const utils = trpc.useUtils();
  return trpc.chats.setVisibility.useMutation({ onSuccess: (chat) => showChange(utils, chat) });
}

/** Deletes all chats of the reader. */
export function useDeleteAllChats() {
  return trpc.chats.deleteAll.useMutation({
    onSuccess: () => changeChatLists(() => []),
  });
}

function showChange(utils: ReturnType<typeof trpc.useUtils>, chat: ChatOutput): void {
  utils.chats.get.setData({ chatId: chat.id }, (known) => known && { ...known, ...chat });
  changeChatLists((items) => items.map((item) => (item.id === chat.id ? chat : item)));
}

/** Whether this very page is deleting all chats, and so needs not be told that they are gone. */
export function isDeletingAllHere(): boolean {
  return getQueryClient().isMutating({ mutationKey: getMutationKey(trpc.chats.deleteAll) }) > 0;
}
