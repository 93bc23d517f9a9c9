import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { keepDraft } from "../../lib/draft.ts";
import { writeDraftFiles } from "../uploads/draft/draft-files.ts";
import { ChatColumn } from "./column/chat-column.tsx";
import { DeletedNotice } from "./deleted-notice.tsx";
import { newChatId } from "./new-chat-id.ts";
import { useOpenChat } from "./session/use-open-chat.ts";

/** A chat's messages and composer. `chatId` is null for a chat that has not started. */
export function ChatView({ chatId }: { chatId: string | null }) {
  // Each chat has a view of its own, with its own scroll position and draft.
  const [idOfNew] = useState(newChatId);
  const id = chatId ?? idOfNew;
  return <OneChat key={id} chatId={id} isNew={chatId === null} />;
}

function OneChat({ chatId, isNew }: { chatId: string; isNew: boolean }) {
  const chat = useOpenChat(chatId, isNew);
  const { isSaved, isDeleted } = chat.state;
  const navigate = useNavigate();
  useEffect(() => {
    if (isNew && isSaved) navigate(`/chat/${chatId}`, { replace: true });
  }, [isNew, isSaved, chatId, navigate]);

  if (isDeleted) return <DeletedChat chatId={chatId} />;
  return <ChatColumn chat={chat} />;
}

function DeletedChat({ chatId }: { chatId: string }) {
  const [hasKeptDraft] = useState(() => {
    // Files attached to the draft were deleted with the chat.
    writeDraftFiles(chatId, []);
    return keepDraft(chatId);
  });
  return <DeletedNotice hasKeptDraft={hasKeptDraft} />;
}
