import { Store, useStore } from "../../../lib/store.ts";

/**
 * Which chats are being answered, on whichever device, by their turns: null for a turn whose name
 * is not known. Browser only; on the server nothing is.
 */
export class GeneratingChats {
  readonly store = new Store<ReadonlyMap<string, string | null>>(new Map());

  has(chatId: string): boolean {
    return this.store.value.has(chatId);
  }

  start(chatId: string, streamId: string | null): void {
    this.store.set(new Map(this.store.value).set(chatId, streamId));
  }

  /** @param streamId null: whichever turn it was. The end of an earlier turn is none of this one. */
  end(chatId: string, streamId: string | null): void {
    const current = this.store.value.get(chatId) ?? null;
    if (current !== null && streamId !== null && current !== streamId) return;
    const turns = new Map(this.store.value);
    if (turns.delete(chatId)) this.store.set(turns);
  }

  /** Takes over what the worker knows, in place of all that was noted. */
  replace(chatIds: readonly string[]): void {
    const known = this.store.value;
    this.store.set(new Map(chatIds.map((chatId) => [chatId, known.get(chatId) ?? null])));
  }
}

/** The browser's one list. */
export const generatingChats = new GeneratingChats();

/** Whether a chat is being answered just now. */
export function useIsGenerating(chatId: string): boolean {
  return useStore(generatingChats.store, (turns) => turns.has(chatId), false);
}
