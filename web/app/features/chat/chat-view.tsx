import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { isBlank } from "../messages/is-blank.ts";
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

/** How long a new chat's answer may take to begin before the page's address changes, in ms. */
const addressWaitsMs = 250;

function OneChat({ chatId, isNew }: { chatId: string; isNew: boolean }) {
  const chat = useOpenChat(chatId, isNew);
  const { isDeleted } = chat.state;
  useAddress(chat);

  const panel = usePanel(isNew);
  useWrittenDocument(chat, panel);

  if (isDeleted) return <DeletedChat chatId={chatId} />;
  return (
    <ChatLayout panel={panel.shown && openPanel(panel.shown, panel, chat)}>
      <ChatColumn chat={chat} onOpenPanel={panel.open} />
    </ChatLayout>
  );
}

/**
 * Gives a new chat its address once the worker has it. The first words of the answer come before
 * that, because the page of the address loads code and data that would delay them.
 */
function useAddress({ chatId, isNew, isUnderWay, messages, state: { isSaved } }: OpenChat): void {
  const navigate = useNavigate();
  const hasStarted = isNew && isSaved;
  const answer = messages.findLast(({ role }) => role === "assistant");
  const isWaiting = isUnderWay && (answer === undefined || isBlank(answer));
  useEffect(() => {
    if (hasStarted) noteBegun(chatId);
  }, [hasStarted, chatId]);
  useEffect(() => {
    if (!hasStarted) return;
    const change = () => void navigate(`/chat/${chatId}`, { replace: true });
    const timer = setTimeout(change, isWaiting ? addressWaitsMs : 0);
    return () => clearTimeout(timer);
  }, [hasStarted, isWaiting, chatId, navigate]);
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
