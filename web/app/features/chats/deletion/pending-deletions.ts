import { errorText } from "../../../lib/error-text.ts";
import { Store, useStore } from "../../../lib/store.ts";
import { api } from "../../../lib/trpc.ts";
import { forgetInLists } from "../chat-list-query.ts";
import type { ListedChat } from "../listed-chat.ts";

/** How long a deletion can be taken back, in ms. */
export const undoMs = 7_000;

/** A chat that its owner has deleted, and that the worker has not heard of yet. */
export interface Deletion {
  readonly chat: Pick<ListedChat, "id" | "title">;
  /** Leads back to it, when it was open. */
  readonly wasOpen: boolean;
  /** Why the worker did not take it; the chat is there again. */
  readonly problem: string | null;
}

/**
 * Deletions that can be taken back. The chat is out of sight at once; the worker is told when the
 * time is over, or when the page goes away: what a reader has seen deleted does not come back.
 * Browser only.
 */
class PendingDeletions {
  /** The last one comes last. */
  readonly store = new Store<readonly Deletion[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Whether a chat is out of sight, here and for good as soon as the worker knows. */
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

  /** Takes a deletion back, or puts the notice of a failed one away. */
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

  /** The page goes away: a request that outlives it says the rest. */
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

/** The browser's one list. */
export const pendingDeletions = new PendingDeletions();

const none: readonly Deletion[] = [];

/** All deletions that can be taken back, and those that failed. */
export function usePendingDeletions(): readonly Deletion[] {
  return useStore(pendingDeletions.store, (deletions) => deletions, none);
}
