import { useSyncExternalStore } from "react";

/**
 * Which chats are being answered, on whichever device, by their turns: null for a turn whose name
 * is not known. Browser only; on the server nothing is.
 */
export class GeneratingChats {
  readonly #turns = new Map<string, string | null>();
  readonly #listeners = new Set<() => void>();

  has(chatId: string): boolean {
    return this.#turns.has(chatId);
  }

  start(chatId: string, streamId: string | null): void {
    this.#turns.set(chatId, streamId);
    this.#tell();
  }

  /** @param streamId null: whichever turn it was. The end of an earlier turn is none of this one. */
  end(chatId: string, streamId: string | null): void {
    const current = this.#turns.get(chatId) ?? null;
    if (current !== null && streamId !== null && current !== streamId) return;
    if (this.#turns.delete(chatId)) this.#tell();
  }

  /** Takes over what the worker knows, in place of all that was noted. */
  replace(chatIds: readonly string[]): void {
    const known = new Map(this.#turns);
    this.#turns.clear();
    for (const chatId of chatIds) this.#turns.set(chatId, known.get(chatId) ?? null);
    this.#tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The browser's one list. */
export const generatingChats = new GeneratingChats();

/** Whether a chat is being answered just now. */
export function useIsGenerating(chatId: string): boolean {
  return useSyncExternalStore(
    generatingChats.subscribe,
    () => generatingChats.has(chatId),
    () => false,
  );
}
