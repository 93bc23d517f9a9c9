import { v7 as uuidv7 } from "uuid";

let current: string | null = null;

/**
 * The id of the chat that is not begun yet. In the browser it is the same until that chat is begun,
 * so that what is on its way for it is there when its page is shown again.
 */
export function newChatId(): string {
  // On the server each page has its own: readers must not share.
  if (typeof document === "undefined") return uuidv7();
  current ??= uuidv7();
  return current;
}

/** Says that a chat is begun: the next new one has another id. */
export function noteBegun(chatId: string): void {
  if (current === chatId) current = null;
}
