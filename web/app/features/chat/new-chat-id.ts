import { v7 as uuidv7 } from "uuid";

let current: string | null = null;

/**
 * The id of the next new chat. In the browser it stays the same until that chat has started, so
 * that its uploads are still there when its page is shown again.
 */
export function newChatId(): string {
  // On the server each page has its own, because users must not share one.
  if (typeof document === "undefined") return uuidv7();
  current ??= uuidv7();
  return current;
}

/** Notes that a chat has started; the next new chat gets another id. */
export function noteBegun(chatId: string): void {
  if (current === chatId) current = null;
}
