import { useEffect, useState } from "react";
import { Store, useStore } from "../../../lib/store.ts";

/**
 * A live turn is marked after this long, in ms: a mark at once would flash for a short answer, and be
 * drawn just before the first word of any other.
 */
const markAfterMs = 250;

/**
 * Chats with a live turn on any device, with the turn's id; null for a turn whose id is unknown.
 * Browser only; empty on the server.
 */
export class GeneratingChats {
  readonly store = new Store<ReadonlyMap<string, string | null>>(new Map());

  has(chatId: string): boolean {
    return this.store.value.has(chatId);
  }

  start(chatId: string, streamId: string | null): void {
    this.store.set(new Map(this.store.value).set(chatId, streamId));
  }

  /**
   * Notes the end of a turn. The end of an earlier turn leaves the chat's current turn alone.
   *
   * @param streamId null ends any turn of the chat
   */
  end(chatId: string, streamId: string | null): void {
    const current = this.store.value.get(chatId) ?? null;
    if (current !== null && streamId !== null && current !== streamId) return;
    const turns = new Map(this.store.value);
    if (turns.delete(chatId)) this.store.set(turns);
  }

  /** Replaces the list with the worker's. */
  replace(chatIds: readonly string[]): void {
    const known = this.store.value;
    this.store.set(new Map(chatIds.map((chatId) => [chatId, known.get(chatId) ?? null])));
  }
}

/** The list of this browser tab. */
export const generatingChats = new GeneratingChats();

/** Whether to mark a chat as one with a live turn. */
export function useIsGenerating(chatId: string): boolean {
  const isGenerating = useStore(generatingChats.store, (turns) => turns.has(chatId), false);
  const [isMarked, setMarked] = useState(false);
  useEffect(() => {
    if (!isGenerating) return;
    const timer = setTimeout(() => setMarked(true), markAfterMs);
    return () => {
      clearTimeout(timer);
      setMarked(false);
    };
  }, [isGenerating]);
  return isGenerating && isMarked;
}
