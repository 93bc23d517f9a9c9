import { useState } from "react";
import { type ChatMessage, messageStatus } from "../message.ts";

/**
 * While an answer is read again from its first chunk, what was shown of it stays until the reading
 * has got as far: nothing shrinks on the screen and grows again.
 */
export function useSteadyMessages(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  const [shown, setShown] = useState(last);
  const steady = steadyMessage(shown, last);
  if (steady !== shown) setShown(steady);
  return steady === undefined || steady === last ? messages : [...messages.slice(0, -1), steady];
}

/** The one of two states of the last message that has more, while it is being answered. */
export function steadyMessage(
  shown: ChatMessage | undefined,
  next: ChatMessage | undefined,
): ChatMessage | undefined {
  if (!shown || !next || shown.id !== next.id) return next;
  const isReading = messageStatus(shown) === "streaming" && messageStatus(next) === "streaming";
  return isReading && sizeOf(next) < sizeOf(shown) ? shown : next;
}

function sizeOf({ parts }: ChatMessage): number {
  return parts.reduce((sum, part) => sum + ("text" in part ? part.text.length : 1), 0);
}
