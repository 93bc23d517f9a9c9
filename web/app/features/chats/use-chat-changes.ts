import type { ChatOutput } from "api-worker/contracts/chats";
import { trpc } from "../../lib/trpc.ts";
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

/** The news of one's own deed may come this much later than its answer, in ms. */
const newsGraceMs = 5_000;
let deletingAllCount = 0;

/** Deletes all chats of the reader. */
export function useDeleteAllChats() {
  return trpc.chats.deleteAll.useMutation({
    onMutate() {
      deletingAllCount += 1;
    },
    onSuccess: () => changeChatLists(() => []),
    onSettled: () => setTimeout(() => (deletingAllCount -= 1), newsGraceMs),
  });
}

/** Whether this very page is deleting all chats, and so needs not be told that they are gone. */
export function isDeletingAllHere(): boolean {
  return deletingAllCount > 0;
}

function showChange(utils: ReturnType<typeof trpc.useUtils>, chat: ChatOutput): void {
  utils.chats.get.setData({ chatId: chat.id }, (known) => known && { ...known, ...chat });
  changeChatLists((items) => items.map((item) => (item.id === chat.id ? chat : item)));
}
