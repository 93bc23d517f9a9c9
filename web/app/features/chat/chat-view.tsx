import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { ChatColumn } from "./column/chat-column.tsx";
import { DeletedNotice } from "./deleted-notice.tsx";
import { ChatLayout } from "./layout/chat-layout.tsx";
import type { OpenPanel } from "./layout/open-panel.ts";
import { moveDraftToNewChat, noteBegun } from "./new-chat/new-chat-id.ts";
import { useChatId } from "./new-chat/use-chat-id.ts";
import { panelKinds } from "./panels/panel-kinds.ts";
import { type PanelControl, usePanel } from "./panels/use-panel.ts";
import { useWrittenDocument } from "./panels/use-written-document.ts";
import { type OpenChat, useOpenChat } from "./session/use-open-chat.ts";

/** A chat's messages and composer. `chatId` is null for a chat that has not started. */
export function ChatView({ chatId }: { chatId: string | null }) {
  const id = useChatId(chatId);
  // Each chat has a view of its own, with its own scroll position and draft. A new chat keeps its
  // view when it gets its address.
  return <OneChat key={id} chatId={id} isNew={chatId === null} />;
}

function OneChat({ chatId, isNew }: { chatId: string; isNew: boolean }) {
  const chat = useOpenChat(chatId, isNew);
  const { isSaved, isDeleted } = chat.state;
  const navigate = useNavigate();
  useEffect(() => {
    if (!isNew || !isSaved) return;
    noteBegun(chatId);
    navigate(`/chat/${chatId}`, { replace: true });
  }, [isNew, isSaved, chatId, navigate]);

  const panel = usePanel(isNew);
  useWrittenDocument(chat, panel);

  if (isDeleted) return <DeletedChat chatId={chatId} />;
  return (
    <ChatLayout panel={panel.shown && openPanel(panel.shown, panel, chat)}>
      <ChatColumn chat={chat} onOpenPanel={panel.open} />
    </ChatLayout>
  );
}

function openPanel(
  { kind, id }: NonNullable<PanelControl["shown"]>,
  { openerRef, close }: PanelControl,
  chat: OpenChat,
): OpenPanel {
  const { Content } = panelKinds[kind];
  const key = `${kind}:${id}`;
  const content = <Content key={key} id={id} chat={chat} onMissing={close} />;
  return { key, content, openerRef, onClose: close };
}

function DeletedChat({ chatId }: { chatId: string }) {
  const [hasKeptDraft] = useState(() => moveDraftToNewChat(chatId));
  return <DeletedNotice hasKeptDraft={hasKeptDraft} />;
}
