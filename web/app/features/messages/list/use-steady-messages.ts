import { useState } from "react";
import { type ChatMessage, messageStatus } from "../message.ts";

/**
 * Keeps showing the known part of an answer while the answer is replayed from its first chunk,
 * until the replay has caught up. Otherwise the text on the screen would shrink and grow again.
 */
export function useSteadyMessages(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  const [shown, setShown] = useState(last);
  const steady = steadyMessage(shown, last);
  if (steady !== shown) setShown(steady);
  return steady === undefined || steady === last ? messages : [...messages.slice(0, -1), steady];
}

/** Of two states of the last message, the one with more content, while the answer is live. */
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
