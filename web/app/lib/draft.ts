const prefix = "alleato:draft:";

/**
 * The unsent text of a chat, kept in this browser.
 *
 * @param chatId null for the chat that is not begun yet
 */
export function readDraft(chatId: string | null): string {
  try {
    return localStorage.getItem(keyOf(chatId)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a draft; an empty one is forgotten. Storage that is full or forbidden only loses the draft. */
export function writeDraft(chatId: string | null, text: string): void {
  try {
    if (text === "") localStorage.removeItem(keyOf(chatId));
    else localStorage.setItem(keyOf(chatId), text);
  } catch {
    // Private mode, or no space left.
  }
}

/**
 * Hands the draft of a chat that is gone to the chat that is not begun yet, unless that has one.
 *
 * @returns whether a text was kept so
 */
export function keepDraft(chatId: string): boolean {
  const text = readDraft(chatId);
  writeDraft(chatId, "");
  if (text.trim() === "" || readDraft(null) !== "") return false;
  writeDraft(null, text);
  return true;
}

function keyOf(chatId: string | null): string {
  return prefix + (chatId ?? "new");
}
