import { sql } from "db";
import { limits } from "../../../contracts/limits.ts";
import type { DocumentChat } from "./queries.ts";

export interface SuggestionWrite {
  readonly documentId: string;
  /** The version that the model has read. */
  readonly version: number;
  readonly messageId: string;
  readonly now: number;
  readonly suggestions: readonly {
    readonly id: string;
    readonly original: string;
    readonly start: number;
    readonly proposed: string;
    readonly reason: string;
  }[];
}

/**
 * Builds the statements that write suggestions for a document of a chat, which belong in one batch.
 * They write nothing when the document does not exist, or has too many open suggestions; and none
 * twice. A version that a save has replaced meanwhile has a successor, to which they belong then.
 *
 * @returns in order: the insert, the document if it exists, and the ids of the suggestions that are
 *   written, now or before
 */
export function writeSuggestionsQueries({ userId, chatId }: DocumentChat, write: SuggestionWrite) {
  const { documentId, version, messageId, now, suggestions } = write;
  const items = JSON.stringify(suggestions);
  return [
    sql`INSERT INTO suggestions (userId, documentId, id, version, messageId, original, start,
        proposed, reason, createdAt)
      SELECT documents.userId, documents.id, item.value ->> 'id',
        (SELECT min(kept.version) FROM documentVersions AS kept
          WHERE kept.userId = documents.userId AND kept.documentId = documents.id
            AND kept.version >= ${version}),
        ${messageId}, item.value ->> 'original', item.value ->> 'start',
        item.value ->> 'proposed', item.value ->> 'reason', ${now}
      FROM documents JOIN json_each(${items}) AS item
      WHERE documents.userId = ${userId} AND documents.id = ${documentId}
        AND documents.chatId = ${chatId}
        AND (SELECT count(*) FROM suggestions AS other WHERE other.userId = documents.userId
          AND other.documentId = documents.id AND other.state = 'open')
          <= ${limits.openSuggestionsMax - suggestions.length}
      ON CONFLICT DO NOTHING`,
    sql<{ id: string }>`SELECT id FROM documents
      WHERE userId = ${userId} AND id = ${documentId} AND chatId = ${chatId}`,
    sql<{ id: string }>`SELECT id FROM suggestions
      WHERE userId = ${userId} AND documentId = ${documentId}
        AND id IN (SELECT value ->> 'id' FROM json_each(${items}))`,
  ] as const;
}
