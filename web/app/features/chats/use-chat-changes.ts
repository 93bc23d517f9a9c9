import { trpc } from "../../lib/trpc.ts";
import { changeChat, changeChatLists } from "./chat-list-query.ts";

/** Renames a chat. The lists and the open page show the new title at once. */
export function useRenameChat() {
  return trpc.chats.rename.useMutation({ onSuccess: (chat) => changeChat(chat.id, chat) });
}

/** Pins or unpins a chat. The sidebar shows it at once. */
export function usePinChat() {
  const utils = trpc.useUtils();
  return trpc.chats.pin.useMutation({
    onSuccess(chat) {
      changeChat(chat.id, chat);
      void utils.chats.list.invalidate();
    },
  });
}

/** Makes a chat public or private. The lists and the open page show it at once. */
export function useSetVisibility() {
  return trpc.chats.setVisibility.useMutation({ onSuccess: (chat) => changeChat(chat.id, chat) });
}

/** News of this page's own change may arrive this much later than the response, in ms. */
const newsGraceMs = 5_000;
let deletingAllCount = 0;

/** Deletes all chats of the viewer. */
export function useDeleteAllChats() {
  return trpc.chats.deleteAll.useMutation({
    onMutate() {
      deletingAllCount += 1;
    },
    onSuccess: () => changeChatLists(() => []),
    onSettled: () => setTimeout(() => (deletingAllCount -= 1), newsGraceMs),
  });
}

/** Whether this page is deleting all chats itself, so that news of the deletion can be ignored. */
export function isDeletingAllHere(): boolean {
  return deletingAllCount > 0;
}
