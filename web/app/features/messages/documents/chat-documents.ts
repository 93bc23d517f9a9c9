import type { DocumentKind } from "api-worker/contracts/documents";
import { type ChatMessage, messageStatus } from "../message.ts";

type Part = ChatMessage["parts"][number];
/** The part of an answer that shows a document. */
export type DocumentPart = Extract<Part, { type: "data-document" }>;

/** A document as the messages of a chat know it. */
export interface ChatDocument {
  readonly kind: DocumentKind;
  readonly title: string;
  /**
   * The version that the newest answer made, or a later one; null while it is not saved. After an
   * answer that ended early, its first readers know only that it is later than the one before.
   */
  readonly version: number | null;
  /** What the model has written so far; null when the messages do not have it. */
  readonly text: string | null;
  readonly isWriting: boolean;
}

/**
 * Finds what the messages of a chat know of a document: its newest part.
 *
 * @returns null when no message names the document
 */
export function findChatDocument(
  messages: readonly ChatMessage[],
  documentId: string,
): ChatDocument | null {
  for (const message of messages.toReversed()) {
    const { parts } = message;
    const part = parts.findLast(
      (one): one is DocumentPart =>
        one.type === "data-document" && one.data.documentId === documentId,
    );
    if (!part) continue;
    const { kind, title, baseVersion, state } = part.data;
    const hasEnded = messageStatus(message) !== "streaming";
    const isWriting = state === "writing" && !hasEnded;
    // The end of an answer saves what its tools could not save, without telling its readers.
    const isSavedByEnd = hasEnded && part.data.version === null && state !== "deleted";
    const version = isSavedByEnd ? (baseVersion ?? 0) + 1 : part.data.version;
    // A picture comes at once, without a text.
    const text = kind === "image" ? (isWriting ? "" : null) : textOf(parts, part);
    return { kind, title, version, text, isWriting };
  }
  return null;
}

function textOf(parts: readonly Part[], { id }: DocumentPart): string | null {
  const text = parts.find((part) => part.type === "data-document-text" && part.id === id);
  return text?.type === "data-document-text" ? text.data.delta : null;
}
