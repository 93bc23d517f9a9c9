/** The query for documents that are exported or copied. */
import { type ContentDb, sql } from "db";
import { limits } from "../../../contracts/limits.ts";
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
  /** With a document's first version its open suggestions, as JSON. */
  readonly suggestions: string | null;
}

/** Bytes of contents that are read at once for a file, and for a copy; of a longer version its content. */
const readBytes = { file: 500_000, copy: 1_000_000 };
const readRows = 500;

const openSuggestions = sql`CASE versions.number WHEN 1 THEN (
  SELECT json_group_array(json_object('version', version, 'messageId', messageId,
    'original', original, 'start', start, 'proposed', proposed, 'reason', reason,
    'createdAt', createdAt))
  FROM (SELECT * FROM suggestions
    WHERE suggestions.userId = documents.userId AND suggestions.documentId = documents.id
      AND state = 'open'
    ORDER BY suggestions.createdAt, suggestions.id LIMIT ${limits.openSuggestionsMax})) END`;

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
  // Those of a chat are found by the index of chats. The others are read in the order of the key,
  // past those of chats, because no index has them.
  const source =
    chatId === null
      ? sql`documentVersions AS versions CROSS JOIN documents
          ON documents.userId = versions.userId AND documents.id = versions.documentId
        WHERE versions.userId = ${userId} AND documents.chatId IS NULL`
      : sql`documents CROSS JOIN documentVersions AS versions
          ON versions.userId = documents.userId AND versions.documentId = documents.id
        WHERE documents.userId = ${userId} AND documents.chatId = ${chatId}`;
  // A copy has none: they stay with the original.
  const suggestions = filter === null ? openSuggestions : sql`NULL`;
  const isWanted =
    filter === null
      ? sql`1`
      : sql`(versions.messageId IN (SELECT value FROM json_each(${filter.messageIds}))
          OR (${filter.hasOwn ? 1 : 0} AND versions.messageId IS NULL))`;
  const { rows } = await sql<TransferRow>`
    WITH page AS (
      SELECT versions.rowid AS place, versions.documentId, versions.version,
        octet_length(versions.content) AS bytes
      FROM ${source}
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
      content, ${suggestions} AS suggestions
    FROM sized
    CROSS JOIN documentVersions AS versions ON versions.rowid = sized.place
    CROSS JOIN documents ON documents.userId = ${userId} AND documents.id = sized.documentId
    WHERE coalesce(bytesBefore, 0) < ${filter === null ? readBytes.file : readBytes.copy}
    ORDER BY sized.documentId, sized.version`.execute(db.kysely);
  return rows;
}
