import { readStored, writeStored } from "./local-storage.ts";

const prefix = "draft:";

/**
 * Reads the user's unsent text of a chat from this browser.
 *
 * @param chatId null for a chat that has not started
 */
export function readDraft(chatId: string | null): string {
  return readStored(keyOf(chatId)) ?? "";
}

/** Stores a draft, or removes an empty one. */
export function writeDraft(chatId: string | null, text: string): void {
  writeStored(keyOf(chatId), text === "" ? null : text);
}

/**
 * Moves the draft of a deleted chat to the new chat, unless that has a draft already.
 *
 * @returns whether a text was moved
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
