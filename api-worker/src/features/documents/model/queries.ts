/** Queries for the versions that a chat's model writes. */
import { type DocumentStatus, sql } from "db";
import type { DocumentWrite } from "../../../ai/tools/documents/ports.ts";

/** A chat with its owner. Both are part of every query here. */
export interface DocumentChat {
  readonly userId: string;
  readonly chatId: string;
}

/** A version as it is written; `saveId` identifies the call that writes it. */
export interface VersionWrite extends Omit<DocumentWrite, "toolCallId"> {
  readonly saveId: string;
  readonly contentHash: string;
  readonly messageId: string;
  readonly now: number;
}

export interface WrittenRow {
  readonly version: number;
  readonly number: number;
  readonly status: DocumentStatus;
}

/**
 * Builds the statements that write a version of the model's, which belong in one batch. They write
 * nothing for a chat or a document that does not exist, nor a second version of the same call.
 *
 * @returns in order: the insert of a new document, the insert of the version, the update of the
 *   document, and the row that was written, now or before
 */
export function writeVersionQueries({ userId, chatId }: DocumentChat, write: VersionWrite) {
  const { documentId, created, saveId, content, contentHash, status, baseVersion, now } = write;
  const key = sql`userId = ${userId} AND documentId = ${documentId} AND saveId = ${saveId}`;
  const isOnBase = write.onlyOnBase ? sql`documents.version = ${baseVersion}` : sql`1`;
  return [
    created === null
      ? sql`SELECT 1`
      : sql`INSERT INTO documents (userId, id, chatId, kind, title, language, version, createdAt, updatedAt)
          SELECT userId, ${documentId}, id, ${created.kind}, ${created.title}, ${created.language},
            0, ${now}, ${now}
          FROM chats WHERE userId = ${userId} AND id = ${chatId}
          ON CONFLICT DO NOTHING`,
    sql`INSERT INTO documentVersions (userId, documentId, version, number, author, status, messageId,
        saveId, baseVersion, content, contentHash, startedAt, createdAt)
      SELECT documents.userId, documents.id, documents.version + 1, coalesce(newest.number, 0) + 1,
        'model', ${status}, ${write.messageId}, ${saveId}, ${baseVersion}, ${content},
        ${contentHash}, ${now}, ${now}
      FROM documents LEFT JOIN documentVersions AS newest ON newest.userId = documents.userId
        AND newest.documentId = documents.id AND newest.version = documents.version
      WHERE documents.userId = ${userId} AND documents.id = ${documentId}
        AND documents.chatId = ${chatId} AND ${isOnBase}
        AND NOT EXISTS (SELECT 1 FROM documentVersions WHERE ${key})`,
    sql`UPDATE documents SET version = version + 1, updatedAt = ${now}
      WHERE userId = ${userId} AND id = ${documentId}
        AND version + 1 = (SELECT version FROM documentVersions WHERE ${key})`,
    sql<WrittenRow>`SELECT version, number, status FROM documentVersions WHERE ${key}`,
  ] as const;
}
