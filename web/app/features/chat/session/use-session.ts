import { useChat } from "@ai-sdk/react";
import { useEffect, useState } from "react";
import { useStore } from "../../../lib/store.ts";
import { onWake } from "../../../lib/wake.ts";
import { isBlank } from "../../messages/is-blank.ts";
import { useSteadyMessages } from "../../messages/list/use-steady-messages.ts";
import { type ChatMessage, messageStatus } from "../../messages/message.ts";
import type { ChatSession } from "./chat-session.ts";
import type { ChatState } from "./chat-state.ts";

/** The displayed text is updated at most this often, in ms. */
const renderEveryMs = 50;

/** What a view renders of a session. */
export interface SessionView {
  readonly state: ChatState;
  readonly messages: readonly ChatMessage[];
  /** Whether an answer was requested or is being written. */
  readonly isUnderWay: boolean;
}

/** Follows a session for rendering, and resumes an answer that is already being written. */
export function useSession(session: ChatSession): SessionView {
  const state = useStore(session.store, (current) => current, session.state);
  // The first piece of an answer is drawn at once.
  const [isWaiting, setWaiting] = useState(false);
  const chat = useChat({ chat: session.chat, throttle: isWaiting ? 0 : renderEveryMs });
  const messages = useSteadyMessages(chat.messages);
  const isRunning = chat.status === "submitted" || chat.status === "streaming";
  const isWaitingNow = isRunning && !hasBegun(messages.at(-1));
  if (isWaitingNow !== isWaiting) setWaiting(isWaitingNow);
  useEffect(() => {
    void session.resume();
    void session.findNotSent();
  }, [session]);
  return { state, messages, isUnderWay: isBeingAnswered(messages, chat.status) };
}

/**
 * Refreshes a session at an interval, and whenever the page wakes.
 *
 * @param everyMs the interval; null while no refresh is needed
 */
export function useRefresh(session: ChatSession, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return;
    const refresh = () => void session.refresh();
    const timer = setInterval(refresh, everyMs);
    const stopListening = onWake(refresh);
    return () => {
      clearInterval(timer);
      stopListening();
    };
  }, [session, everyMs]);
}

/** Whether a message is an answer in progress that has content. */
function hasBegun(message: ChatMessage | undefined): boolean {
  if (message?.role !== "assistant" || messageStatus(message) !== "streaming") return false;
  return !isBlank(message);
}

function isBeingAnswered(messages: readonly ChatMessage[], status: string): boolean {
  if (status === "submitted" || status === "streaming") return true;
  const last = messages.at(-1);
  return last?.role === "assistant" && messageStatus(last) === "streaming";
}
