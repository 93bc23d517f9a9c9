import { trpc } from "../../lib/trpc.ts";
import { changeChat, changeChatLists } from "./chat-list-query.ts";

/** Renames a chat; the lists and the open page show the new title at once. */
export function useRenameChat() {
  return trpc.chats.rename.useMutation({ onSuccess: (chat) => changeChat(chat.id, chat) });
}

/** Pins a chat, or takes the pin away; the sidebar shows it at once. */
export function usePinChat() {
  const utils = trpc.useUtils();
  return trpc.chats.pin.useMutation({
    onSuccess(chat) {
      changeChat(chat.id, chat);
      void utils.chats.list.invalidate();
    },
  });
}

/** Makes a chat public or private; the lists and the open page show it at once. */
export function useSetVisibility() {
  return trpc.chats.setVisibility.useMutation({ onSuccess: (chat) => changeChat(chat.id, chat) });
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
