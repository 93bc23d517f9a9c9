/** Saves chats of an import file, as many as one invocation can. */

import { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { ChatImportOutput, ExportedChat } from "../../contracts/transfer.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import type { StorageLimits } from "../limits/storage.ts";
import { renameDocuments } from "./documents/rename-documents.ts";
import { insertChat } from "./insert-chat.ts";
import { findTakenIds, listImported } from "./queries.ts";
import { isOfFile, reasonFor } from "./read/failure-reason.ts";

/** A chat that was read from a file and checked. Its files are uploads of the owner already. */
export interface ReadChat {
  readonly index: number;
  /** The import and the chat's place in it; null for an import without an id. */
  readonly importId: string | null;
  readonly chat: ExportedChat;
  /** Its ids: they are new already, are replaced by new ones, or are kept if they are free. */
  readonly ids: "own" | "new" | "kept";
}

/** What became of a chat. */
export type SavedChat =
  | ({ readonly isSaved: true } & Omit<ChatImportOutput["imported"][number], "index">)
  | ({ readonly isSaved: false } & ReturnType<typeof reasonFor>);

/** Characters of messages in one statement; see `insert-chat.ts`. */
const pieceLength = 150_000;

/**
 * Saves chats, one after the other, each completely or not at all, until a budget is spent.
 *
 * @returns what became of the first ones: at least of one
 */
export async function saveReadChats(
  owner: OwnerContext,
  storage: StorageLimits,
  chats: readonly ReadChat[],
  budget: RequestBudget,
): Promise<SavedChat[]> {
  const saved: SavedChat[] = [];
  for (const chat of chats) {
    const hasRoom = budget.take(requestsOf(chat));
    if (!hasRoom && saved.length > 0) break;
    const one = await saveReadChat(owner, storage, chat);
    saved.push(one);
    // A chat that takes a whole invocation has it for itself.
    if (!hasRoom || (!one.isSaved && !budget.take(requestsOfFailure))) break;
  }
  return saved;
}

/** After a failure it asks for the storage, and whether a twin of the request has saved the chat. */
const requestsOfFailure = 2;

/** The statements that a chat takes if it is saved. */
function requestsOf({ chat: { messages, documents }, ids }: ReadChat): number {
  const length = messages.reduce((sum, { parts }) => sum + JSON.stringify(parts).length, 0);
  // The chat, the note for the index, and the check of the storage; and its messages.
  return (
    3 +
    Math.max(1, Math.ceil(length / pieceLength)) +
    (documents.length > 0 ? 4 : 0) +
    (messages.some(({ vote }) => vote !== null) ? 1 : 0) +
    (ids === "kept" ? 2 : 0)
  );
}

/** Saves one chat, or says why not. Never throws. */
export async function saveReadChat(
  owner: OwnerContext,
  storage: StorageLimits,
  { index, importId, chat: read, ids }: ReadChat,
): Promise<SavedChat> {
  const { content, userId, log } = owner;
  const importKey = importId === null ? null : `${importId}/${index}`;
  try {
    const isKept = ids === "kept" && (await areFree(owner, read));
    const chat = ids === "own" ? read : isKept ? withOldIds(read) : withNewIds(read);
    await insertChat(content, { userId, storage }, chat, systemClock(), importKey);
    const { id: chatId, title, messages } = chat;
    return { isSaved: true, chatId, title, messageCount: messages.length };
  } catch (error) {
    // The same import may have been sent twice at once, and the other request may have been faster.
    const rows = isOfFile(error) || importId === null ? [] : await imported(owner, importId);
    const twin = rows.find((row) => row.importKey === importKey);
    if (!twin) return { isSaved: false, ...reasonFor({ log }, "chat", error) };
    const { importKey: _, ...known } = twin;
    return { isSaved: true, ...known };
  }
}

const imported = ({ content, userId }: OwnerContext, importId: string) =>
  listImported(content, userId, importId).catch(() => []);

/** Whether a chat can keep its ids: they are well-formed, and none is in use. */
async function areFree(
  { content, userId }: OwnerContext,
  { id, messages }: ExportedChat,
): Promise<boolean> {
  const ids = messages.map((message) => message.id);
  if (![id, ...ids].every((one) => z.uuid().safeParse(one).success)) return false;
  const taken = await findTakenIds(content, userId, id, ids);
  return !taken.isChatTaken && !taken.isMessageTaken;
}

/** Gives a chat, its messages and its documents new ids, in ascending order of the messages. */
export function withNewIds(chat: ExportedChat): ExportedChat {
  const ids = new Map(chat.messages.map(({ id }) => [id, newId()]));
  const renamed = (id: string | null) => (id === null ? null : (ids.get(id) ?? null));
  const messages = chat.messages.map((message) => ({
    ...message,
    id: ids.get(message.id) ?? newId(),
    parentId: renamed(message.parentId),
  }));
  return {
    ...chat,
    id: newId(),
    currentMessageId: renamed(chat.currentMessageId),
    ...renameDocuments({ ...chat, messages }, ids),
  };
}

/** Keeps the ids of a chat and its messages, but not those of its documents. */
function withOldIds(chat: ExportedChat): ExportedChat {
  const ids = new Map(chat.messages.map(({ id }) => [id, id]));
  return { ...chat, ...renameDocuments(chat, ids) };
}
