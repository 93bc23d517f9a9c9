/** The query for documents that are exported or copied. */
import { type ContentDb, sql } from "db";
import type { ExportedDocument, ExportedVersion } from "../../../contracts/transfer.ts";

interface ChatKey {
  readonly userId: string;
  /** null for the documents that were made by hand. */
  readonly chatId: string | null;
}

/** A version with the facts of its document. */
export interface TransferRow
  extends ExportedVersion,
    Pick<ExportedDocument, "kind" | "title" | "language"> {
  readonly documentId: string;
  readonly documentCreatedAt: number;
  readonly documentUpdatedAt: number;
}

/** Bytes of contents that are read at once; of a longer version its content. */
const readBytes = 500_000;
const readRows = 100;

/**
 * Reads the next versions of a chat's documents: all of a document, the first one first, then those
 * of the next.
 *
 * @param after the last version that was read
 * @param messageIds JSON: only versions that one of these messages has made; null for all
 * @param hasOwn whether versions that no message has made are read too
 */
export async function listDocumentVersions(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  after: { readonly documentId: string; readonly version: number },
  filter: { readonly messageIds: string; readonly hasOwn: boolean } | null,
): Promise<TransferRow[]> {
  // The index by chat serves only a comparison with a chat's id.
  const isOfChat =
    chatId === null ? sql`documents.chatId IS NULL` : sql`documents.chatId = ${chatId}`;
  const isWanted =
    filter === null
      ? sql`1`
      : sql`(versions.messageId IN (SELECT value FROM json_each(${filter.messageIds}))
          OR (${filter.hasOwn ? 1 : 0} AND versions.messageId IS NULL))`;
  const { rows } = await sql<TransferRow>`
    WITH page AS (
      SELECT versions.rowid AS place, versions.documentId, versions.version,
        octet_length(versions.content) AS bytes
      FROM documents CROSS JOIN documentVersions AS versions
        ON versions.userId = documents.userId AND versions.documentId = documents.id
      WHERE documents.userId = ${userId} AND ${isOfChat}
        AND (versions.documentId, versions.version) > (${after.documentId}, ${after.version})
        AND ${isWanted}
      ORDER BY versions.documentId, versions.version LIMIT ${readRows}
    ), sized AS (
      SELECT page.*, sum(bytes) OVER (
          ORDER BY documentId, version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS bytesBefore
      FROM page
    )
    SELECT documents.id AS documentId, kind, title, language,
      documents.createdAt AS documentCreatedAt, documents.updatedAt AS documentUpdatedAt,
      versions.version, author, status, messageId, restoredFrom, baseVersion, versions.createdAt,
      content
    FROM sized
    CROSS JOIN documentVersions AS versions ON versions.rowid = sized.place
    CROSS JOIN documents ON documents.userId = ${userId} AND documents.id = sized.documentId
    WHERE coalesce(bytesBefore, 0) < ${readBytes}
    ORDER BY sized.documentId, sized.version`.execute(db.kysely);
  return rows;
}
