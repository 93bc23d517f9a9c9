import { readStored, writeStored } from "./local-storage.ts";

const prefix = "draft:";

/**
 * Reads the user's unsent text from this browser.
 *
 * @param id the chat, which has its id before it starts, or another thing that is written on
 */
export function readDraft(id: string): string {
  return readKept(prefix + id) ?? "";
}

/** Stores a draft, or removes an empty one. */
export function writeDraft(id: string, text: string): void {
  writeKept(prefix + id, text === "" ? null : text);
}

/** Reads a draft and removes it. */
export function takeDraft(id: string): string {
  const text = readDraft(id);
  writeDraft(id, "");
  return text;
}

/**
 * Puts a text in front of another one, as a paragraph of its own.
 *
 * @param text may be blank
 */
export function inFrontOf(text: string, first: string): string {
  return text.trim() === "" || first === "" ? first + text : `${first}\n\n${text}`;
}

/**
 * Reads what this tab has written under a name, or else what any tab has.
 *
 * @returns null for nothing
 */
export function readKept(name: string): string | null {
  return readStored(name, "tab") ?? readStored(name);
}

/**
 * Keeps a text for this tab, through reloads, and for the browser, where it outlives the tab. Two
 * tabs with the same chat do not overwrite each other's text: each reads its own first, and clears
 * the browser's only if that is its own.
 *
 * @param text null removes it
 */
export function writeKept(name: string, text: string | null): void {
  const before = readStored(name, "tab");
  writeStored(name, text, "tab");
  if (text !== null || before === null || readStored(name) === before) writeStored(name, text);
}
