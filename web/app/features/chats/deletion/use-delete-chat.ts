import { useNavigate, useParams } from "react-router";
import type { ListedChat } from "../listed-chat.ts";
import { pendingDeletions } from "./pending-deletions.ts";

/** Deletes a chat with a grace period for undo. If the chat is open, goes to a new one. */
export function useDeleteChat(): (chat: Pick<ListedChat, "id" | "title">) => void {
  const navigate = useNavigate();
  const { chatId: openChatId } = useParams();
  return (chat) => {
    const isOpen = openChatId === chat.id;
    pendingDeletions.add({ id: chat.id, title: chat.title }, isOpen);
    if (isOpen) navigate("/", { replace: true });
  };
}
