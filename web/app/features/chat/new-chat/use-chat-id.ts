import { useEffect, useState } from "react";
import { claimNewChat, newChatId } from "./new-chat-id.ts";

/**
 * The id of the chat that a page shows. A new chat keeps its id when it gets its address.
 *
 * @param chatId null on the page of a new chat
 */
export function useChatId(chatId: string | null): string {
  const [page, setPage] = useState(() => pageOf(chatId));
  let shown = page;
  if (page.chatId !== chatId) {
    shown = pageOf(chatId);
    setPage(shown);
  }
  useEffect(() => {
    if (chatId !== null) return;
    let isWanted = true;
    void claimNewChat().then((id) => {
      if (isWanted && id !== null) setPage((now) => (now.id === id ? now : { chatId: null, id }));
    });
    return () => {
      isWanted = false;
    };
  }, [chatId]);
  return shown.id;
}

function pageOf(chatId: string | null) {
  return { chatId, id: chatId ?? newChatId() };
}
