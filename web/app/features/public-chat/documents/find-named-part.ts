import {
  type ChatDocument,
  type DocumentPart,
  findChatDocument,
} from "../../messages/documents/chat-documents.ts";
import type { ChatMessage } from "../../messages/message.ts";
import type { NamedDocument } from "./document-address.ts";

/**
 * Finds what the messages know of a document at a version: the part that made it. Without a version,
 * the newest part counts.
 */
export function findNamedPart(
  messages: readonly ChatMessage[],
  { documentId, version }: NamedDocument,
): ChatDocument | null {
  if (version === null) return findChatDocument(messages, documentId);
  const isNamed = (part: ChatMessage["parts"][number]): part is DocumentPart =>
    part.type === "data-document" &&
    part.data.documentId === documentId &&
    part.data.version === version;
  const part = messages.flatMap(({ parts }) => parts).findLast(isNamed);
  if (!part) return null;
  const { kind, title } = part.data;
  return { kind, title, version, text: null, isWriting: false };
}
