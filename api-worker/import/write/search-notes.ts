import type { ConvertedGroup } from "../model.ts";
import { contentStep, type Step } from "./row-statements.ts";

/** Chats of a user that are noted one by one in a run. More are one request to build all anew. */
const notedChatsMax = 100;

/**
 * Notes for the search indexes of the owners, which the worker's cron reads: a row for each chat, or
 * one row that asks for the whole index. Documents are noted by triggers of the product.
 */
export class SearchNotes {
  readonly #isFirst: boolean;
  /** Chats noted by user. */
  readonly #counts = new Map<string, number>();

  /** @param isFirst whether nothing was imported before: then every index is built from all chats */
  constructor(isFirst: boolean) {
    this.#isFirst = isFirst;
  }

  /** Notes chats that the same batch writes or deletes. */
  noteChats(chats: readonly { readonly userId: string; readonly chatId: string }[]): Step[] {
    const noted: string[][] = [];
    const whole = new Set<string>();
    for (const { userId, chatId } of chats) {
      const count = (this.#counts.get(userId) ?? 0) + 1;
      this.#counts.set(userId, count);
      if (this.#isFirst || count > notedChatsMax) whole.add(userId);
      else noted.push([userId, chatId]);
    }
    return [
      ...(noted.length > 0 ? [contentStep(noteEach, noted)] : []),
      ...(whole.size > 0 ? [contentStep(askForAll, [...whole])] : []),
    ];
  }
}

const noteEach = `INSERT INTO searchChanges (userId, chatId, scope)
  SELECT chat.value ->> 0, chat.value ->> 1, 'chat' FROM json_each(?) AS chat`;

/** A request that the index has begun with does not count: it may be past the chat by now. */
const askForAll = `INSERT INTO searchChanges (userId, chatId, scope)
  SELECT owner.value, '', 'all' FROM json_each(?) AS owner
  WHERE NOT EXISTS (
    SELECT 1 FROM searchChanges WHERE searchChanges.userId = owner.value AND scope = 'all'
  )`;

/** The chats among groups whose text is to be found. */
export function foundChats(groups: readonly Pick<ConvertedGroup, "kind" | "id" | "userId">[]) {
  return groups.flatMap(({ kind, id, userId }) =>
    kind === "chat" && userId !== null ? [{ userId, chatId: id }] : [],
  );
}
