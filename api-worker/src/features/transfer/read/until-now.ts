/**
 * Times of a file that lie in the future become the present: the clock of another system may be
 * wrong, and what is new here must not sort below what was imported, nor outlive the deletion of all
 * chats that there are now.
 */
import type { ExportedChat, ExportedDocument } from "../../../contracts/transfer.ts";

/** @param now epoch milliseconds */
export function untilNow(chat: ExportedChat, now: number): ExportedChat {
  return {
    ...timed(chat, now),
    pinnedAt: chat.pinnedAt === null ? null : Math.min(chat.pinnedAt, now),
    messages: chat.messages.map(({ createdAt, finishedAt, ...message }) => ({
      ...message,
      createdAt: Math.min(createdAt, now),
      finishedAt: finishedAt === null ? null : Math.min(finishedAt, now),
    })),
    documents: chat.documents.map((document) => documentUntilNow(document, now)),
  };
}

/** @param now epoch milliseconds */
export function documentUntilNow(document: ExportedDocument, now: number): ExportedDocument {
  return {
    ...timed(document, now),
    versions: document.versions.map((version) => created(version, now)),
    suggestions: document.suggestions.map((suggestion) => created(suggestion, now)),
  };
}

function created<Item extends { readonly createdAt: number }>(item: Item, now: number): Item {
  return { ...item, createdAt: Math.min(item.createdAt, now) };
}

function timed<Item extends { readonly createdAt: number; readonly updatedAt: number }>(
  item: Item,
  now: number,
): Item {
  return { ...created(item, now), updatedAt: Math.min(item.updatedAt, now) };
}
