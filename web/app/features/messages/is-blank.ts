import { isToolUIPart } from "ai";
import type { ChatMessage } from "./message.ts";

/** Whether an answer has nothing to show yet. */
export function isBlank(message: ChatMessage): boolean {
  return !message.parts.some((part) => {
    if (part.type === "text" || part.type === "reasoning") return part.text !== "";
    return isToolUIPart(part);
  });
}
