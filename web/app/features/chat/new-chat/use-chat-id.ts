import { useEffect, useState } from "react";
import { useLocation, useNavigationType } from "react-router";
import { claimNewChat, isNewChat, newChatId } from "./new-chat-id.ts";

/**
 * The id of the chat that a page shows. A new chat keeps its id when it gets its address.
 *
 * @param chatId null on the page of a new chat
 */
export function useChatId(chatId: string | null): string {
  const { key } = useLocation();
  const isPush = useNavigationType() === "PUSH";
  const [page, setPage] = useState(() => ({ chatId, key, id: chatId ?? newChatId() }));
  let shown = page;
  if (page.chatId !== chatId || page.key !== key) {
    // "New chat" was pressed just before a new chat that has started got its address.
    const isLeft = chatId === null && isPush && !isNewChat(page.id);
    const isOther = page.chatId !== chatId || isLeft;
    shown = { chatId, key, id: isOther ? (chatId ?? newChatId()) : page.id };
    setPage(shown);
  }
  useEffect(() => {
    if (chatId !== null) return;
    let isWanted = true;
    void claimNewChat().then((id) => {
      if (isWanted && id !== null) setPage((now) => (now.id === id ? now : { ...now, id }));
    });
    return () => {
      isWanted = false;
    };
  }, [chatId, shown.id]);
  return shown.id;
}
