/** Queries for the documents of a chat, for those who read or copy it. */
import type { ContentDb } from "db";

/** A document in its chat. */
export interface ChatDocumentKey {
  readonly userId: string;
  readonly chatId: string;
  readonly documentId: string;
}

/** Builds the query for a version that a message of the document's chat has made. */
export function findMadeVersionQuery(
  { kysely }: ContentDb,
  { userId, chatId, documentId }: ChatDocumentKey,
  version: number,
) {
  return kysely
    .selectFrom("documents")
    .innerJoin("documentVersions as made", (join) =>
      join
        .onRef("made.userId", "=", "documents.userId")
        .onRef("made.documentId", "=", "documents.id"),
    )
    .select([
      "documents.kind",
      "documents.language",
      "made.status",
      "made.messageId",
      "made.content",
    ])
    .where("documents.userId", "=", userId)
    .where("documents.id", "=", documentId)
    .where("documents.chatId", "=", chatId)
    .where("made.version", "=", version)
    .where("made.messageId", "is not", null);
}
