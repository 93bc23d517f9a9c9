import { errorText } from "../../../lib/error-text.ts";
import { Store, useStore } from "../../../lib/store.ts";
import { api } from "../../../lib/trpc.ts";
import { forgetInLists } from "../chat-list-query.ts";
import type { ListedChat } from "../listed-chat.ts";

/** How long a deletion can be undone, in ms. */
export const undoMs = 7_000;

/** A deleted chat whose deletion the worker has not confirmed. */
export interface Deletion {
  readonly chat: Pick<ListedChat, "id" | "title">;
  /** Whether the chat was open, so that undo reopens it. */
  readonly wasOpen: boolean;
  /** Why the worker refused. The chat is listed again; null while there is no failure. */
  readonly problem: string | null;
}

/**
 * Deletions that can still be undone. The chat is hidden at once; the worker is told when the time
 * is over or the page is left, so a chat that the user has seen deleted does not come back. Browser
 * only.
 */
class PendingDeletions {
  /** Oldest first. */
  readonly store = new Store<readonly Deletion[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Whether a chat is hidden by a pending deletion. */
  has(chatId: string): boolean {
    return this.store.value.some(({ chat, problem }) => chat.id === chatId && problem === null);
  }

  add(chat: Deletion["chat"], wasOpen: boolean): void {
    this.#listen();
    this.store.set([...this.#without(chat.id), { chat, wasOpen, problem: null }]);
    this.#timers.set(
      chat.id,
      setTimeout(() => void this.#carryOut(chat.id), undoMs),
    );
  }

  /** Undoes a deletion, or dismisses the notice of a failed one. */
  undo(chatId: string): void {
    clearTimeout(this.#timers.get(chatId));
    this.#timers.delete(chatId);
    this.store.set(this.#without(chatId));
  }

  async #carryOut(chatId: string): Promise<void> {
    this.#timers.delete(chatId);
    try {
      await api.chats.delete.mutate({ chatId });
      forgetInLists(chatId);
      this.store.set(this.#without(chatId));
    } catch (error) {
      const problem = errorText(error);
      this.store.set(
        this.store.value.map((deletion) =>
          deletion.chat.id === chatId ? { ...deletion, problem } : deletion,
        ),
      );
    }
  }

  /** Sends pending deletions when the page is left; `keepalive` requests outlive it. */
  #flush = (): void => {
    for (const [chatId, timer] of this.#timers) {
      clearTimeout(timer);
      void fetch("/trpc/chats.delete", {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ chatId }),
      }).catch(() => undefined);
    }
    this.#timers.clear();
  };

  #listen(): void {
    if (this.#timers.size === 0) addEventListener("pagehide", this.#flush);
  }

  #without(chatId: string): Deletion[] {
    return this.store.value.filter(({ chat }) => chat.id !== chatId);
  }
}

/** The list of this browser tab. */
export const pendingDeletions = new PendingDeletions();

const none: readonly Deletion[] = [];

/** All deletions that can be undone, and those that failed. */
export function usePendingDeletions(): readonly Deletion[] {
  return useStore(pendingDeletions.store, (deletions) => deletions, none);
}
