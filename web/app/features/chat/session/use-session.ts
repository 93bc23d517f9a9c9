import { useChat } from "@ai-sdk/react";
import { useEffect } from "react";
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
  const throttle = isWaiting(session.chat) ? 0 : renderEveryMs;
  const chat = useChat({ chat: session.chat, throttle });
  const messages = useSteadyMessages(chat.messages);
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

/** Whether an answer was requested of which there is nothing to show yet. */
function isWaiting({ status, messages }: ChatSession["chat"]): boolean {
  const last = messages.at(-1);
  return isRunning(status) && !(last && isLive(last) && !isBlank(last));
}

function isBeingAnswered(messages: readonly ChatMessage[], status: string): boolean {
  const last = messages.at(-1);
  return isRunning(status) || (last !== undefined && isLive(last));
}

function isRunning(status: string): boolean {
  return status === "submitted" || status === "streaming";
}

function isLive(message: ChatMessage): boolean {
  return message.role === "assistant" && messageStatus(message) === "streaming";
}
