import { type Expression, sql } from "db";

/** A use of an upload. */
export interface FileUse {
  readonly userId: string;
  readonly uploadId: string;
  readonly chatId: string;
  /** The message that has it, or that has made the document's version. */
  readonly messageId: string;
}

/**
 * A compound query: where messages show an upload, as a file or in the documents that they have
 * made. A version that a person has restored belongs to no message, and is not in it. The upload is
 * a condition of each arm, because SQLite does not move it there by itself when it is a column of
 * another query.
 */
export function fileUsesOf(userId: Expression<string>, uploadId: Expression<string>) {
  return sql<FileUse>`
    SELECT userId, uploadId, chatId, messageId FROM messageFiles
    WHERE userId = ${userId} AND uploadId = ${uploadId}
    UNION ALL
    SELECT documentFiles.userId, documentFiles.uploadId, documents.chatId, versions.messageId
    FROM documentFiles
    JOIN documentVersions AS versions ON versions.userId = documentFiles.userId
      AND versions.documentId = documentFiles.documentId AND versions.version = documentFiles.version
    JOIN documents ON documents.userId = documentFiles.userId
      AND documents.id = documentFiles.documentId
    WHERE documentFiles.userId = ${userId} AND documentFiles.uploadId = ${uploadId}
      AND documents.chatId IS NOT NULL AND versions.messageId IS NOT NULL`;
}

/** Whether a message or a version of a document has the upload of a row of `uploads`. */
export const isUploadUsed = sql<boolean>`(
  EXISTS (SELECT 1 FROM messageFiles
    WHERE messageFiles.userId = uploads.userId AND messageFiles.uploadId = uploads.id)
  OR EXISTS (SELECT 1 FROM documentFiles
    WHERE documentFiles.userId = uploads.userId AND documentFiles.uploadId = uploads.id))`;
