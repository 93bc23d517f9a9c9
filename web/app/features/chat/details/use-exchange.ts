import { useEffect, useEffectEvent, useState } from "react";
import type { ChatMessage } from "../../messages/message.ts";
import type { OpenChat } from "../session/use-open-chat.ts";

/** An answer and its question. */
export interface Exchange {
  /** Undefined when the question is not loaded. */
  readonly question: ChatMessage | undefined;
  readonly answer: ChatMessage;
}

interface LoadedExchange {
  /** Null while it is loading, and after a failure. */
  readonly exchange: Exchange | null;
  /** Why an older exchange could not be loaded; null without a failure. */
  readonly failure: { readonly error: unknown } | null;
  readonly retry: () => void;
}

/**
 * An answer of the shown branch, with its question. An exchange that is not among the loaded
 * messages is fetched; one that the chat forgets because it has scrolled far away stays.
 *
 * @param onMissing called when the branch has no such answer, or when another version replaces it
 */
export function useExchange(
  answerId: string,
  { session, state, messages }: OpenChat,
  onMissing: () => void,
): LoadedExchange {
  const shown = findExchange(messages, answerId);
  const [last, setLast] = useState(shown);
  if (shown && !isSame(shown, last)) setLast(shown);
  const exchange = shown ?? last;
  const [failure, setFailure] = useState<LoadedExchange["failure"]>(null);

  const isOlder = state.hasOlder && exchange !== null && isBefore(exchange.answer, messages[0]);
  const isReplaced = exchange !== null && !shown && !isOlder;
  const isUnknown = exchange === null && failure === null;
  const giveUp = useEffectEvent(onMissing);
  useEffect(() => {
    if (isReplaced) giveUp();
  }, [isReplaced]);
  useEffect(() => {
    if (!isUnknown) return;
    let isWanted = true;
    const onFound = (found: readonly ChatMessage[]) => {
      if (!isWanted) return;
      const older = findExchange(found, answerId);
      if (older) setLast(older);
      else giveUp();
    };
    const onFailure = (error: unknown) => {
      if (isWanted) setFailure({ error });
    };
    session.history.find(answerId).then(onFound, onFailure);
    return () => {
      isWanted = false;
    };
  }, [isUnknown, session, answerId]);
  return { exchange, failure, retry: () => setFailure(null) };
}

function findExchange(messages: readonly ChatMessage[], answerId: string): Exchange | null {
  const index = messages.findIndex(({ id, role }) => id === answerId && role === "assistant");
  const answer = messages[index];
  return answer ? { answer, question: messages[index - 1] } : null;
}

function isSame(one: Exchange, other: Exchange | null): boolean {
  return one.answer === other?.answer && one.question === other.question;
}

function isBefore(message: ChatMessage, other: ChatMessage | undefined): boolean {
  return (message.metadata?.createdAt ?? 0) < (other?.metadata?.createdAt ?? 0);
}
