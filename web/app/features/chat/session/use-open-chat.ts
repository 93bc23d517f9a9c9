import { useChat } from "@ai-sdk/react";
import { useEffect, useState } from "react";
import { useStore } from "../../../lib/store.ts";
import { trpc } from "../../../lib/trpc.ts";
import { onWake } from "../../../lib/wake.ts";
import { useSteadyMessages } from "../../messages/list/use-steady-messages.ts";
import { type ChatMessage, messageStatus } from "../../messages/message.ts";
import { chatEvents } from "./chat-events.ts";
import type { ChatSession } from "./chat-session.ts";
import { chatSession, holdSession } from "./chat-sessions.ts";
import type { ChatState } from "./chat-state.ts";
import { messagesApi } from "./messages-api.ts";

/** The text on the screen is renewed at most this often, in ms: readers read no faster than that. */
const renderEveryMs = 50;
/** How often an answer that is out of reach is looked for, in ms. */
const lookForLostEveryMs = 10_000;

/** A chat that is on the screen. */
export interface OpenChat {
  readonly chatId: string;
  /** The page is that of a chat that does not exist yet. */
  readonly isNew: boolean;
  readonly session: ChatSession;
  readonly state: ChatState;
  readonly messages: readonly ChatMessage[];
  /** An answer is wanted, or is being written. */
  readonly isUnderWay: boolean;
}

/** Opens a chat for as long as a view shows it, and follows what happens in it. */
export function useOpenChat(chatId: string, isNew: boolean): OpenChat {
  const utils = trpc.useUtils();
  const [session] = useState(() =>
    chatSession({
      chatId,
      newestPage: isNew
        ? null
        : (utils.messages.list.getInfiniteData({ chatId })?.pages[0] ?? null),
      port: messagesApi,
      events: chatEvents,
    }),
  );
  const state = useStore(session.store, (current) => current, session.state);
  const { messages: read, status } = useChat({ chat: session.chat, throttle: renderEveryMs });
  const messages = useSteadyMessages(read);
  useReading(session, state.isLost);
  const isUnderWay = isBeingAnswered(messages, status);
  return { chatId, isNew, session, state, messages, isUnderWay };
}

/** Holds the session, goes on with an answer under way, and looks for one that was lost. */
function useReading(session: ChatSession, isLost: boolean): void {
  useEffect(() => {
    const release = holdSession(session);
    void session.resume();
    return release;
  }, [session]);

  useEffect(() => {
    if (!isLost) return;
    const look = () => void session.refresh();
    const timer = setInterval(look, lookForLostEveryMs);
    const stopListening = onWake(look);
    return () => {
      clearInterval(timer);
      stopListening();
    };
  }, [session, isLost]);
}

function isBeingAnswered(messages: readonly ChatMessage[], status: string): boolean {
  if (status === "submitted" || status === "streaming") return true;
  const last = messages.at(-1);
  return last?.role === "assistant" && messageStatus(last) === "streaming";
}
