import { type ContentDb, type HomeDb, sql } from "db";
import type { DocumentKind } from "../../contracts/documents.ts";
import type { Entry } from "./object/search-index.ts";
import { isDocumentThere, textOfDocument, textOfMessage } from "./searched-text.ts";

/** The number of the content database of a user; undefined when there is no such user. */
export async function findContentShard(home: HomeDb, userId: string): Promise<number | undefined> {
  const row = await home.kysely
    .selectFrom("users")
    .select("contentShard")
    .where("id", "=", userId)
    .executeTakeFirst();
  return row?.contentShard;
}

/** What a hit shows. */
export interface FoundText {
  readonly chatId: string | null;
  /** Of the document or the chat. */
  readonly title: string;
  /** When the document or the chat changed last. */
  readonly updatedAt: number;
  readonly documentId: string | null;
  readonly documentKind: DocumentKind | null;
  /** null: the chat's title or a document was found. */
  readonly messageId: string | null;
  readonly role: "user" | "assistant" | null;
  /** The message's or the document's; null: a title was found. */
  readonly text: string | null;
  readonly createdAt: number | null;
}

/** Bytes of messages and documents that are read at once; a longer one is read alone. */
const foundBytes = 128_000;

/**
 * Reads the titles, messages and documents of the first of some entries as they are now, at least of
 * one and as many as are read at once.
 *
 * @returns an item for each entry that was read; null when it is deleted, another owner's, or an
 *   answer that is live again
 */
export async function listFoundTexts(
  db: ContentDb,
  userId: string,
  entries: readonly Entry[],
): Promise<(FoundText | null)[]> {
  const wanted = entries.map(({ kind, id, chatId }) => ({
    chatId,
    messageId: kind === "message" ? id : null,
    documentId: kind === "document" || kind === "documentTitle" ? id : null,
    // Its text is read only when it was found.
    textOf: kind === "document" ? id : null,
  }));
  const { rows } = await sql<FoundText & { isFound: 0 | 1 }>`
    WITH wanted AS (
      SELECT key AS place, value ->> 'chatId' AS chatId, value ->> 'messageId' AS messageId,
        value ->> 'documentId' AS documentId, value ->> 'textOf' AS textOf
      FROM json_each(${JSON.stringify(wanted)})
    ), sized AS (
      SELECT wanted.*, sum(
          coalesce(octet_length(messages.parts), 0) + coalesce(octet_length(versions.content), 0)
        ) OVER (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytesBefore
      FROM wanted
      LEFT JOIN messages ON messages.userId = ${userId} AND messages.id = wanted.messageId
      LEFT JOIN documents ON documents.userId = ${userId} AND documents.id = wanted.textOf
      LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
        AND versions.documentId = documents.id AND versions.version = documents.version
    )
    SELECT coalesce(documents.chatId, chats.id) AS chatId,
      coalesce(documents.title, chats.title) AS title,
      coalesce(documents.updatedAt, chats.updatedAt) AS updatedAt,
      sized.documentId, documents.kind AS documentKind, sized.messageId, messages.role,
      coalesce(${textOfMessage}, ${textOfDocument}) AS text, messages.createdAt,
      iif(sized.documentId IS NOT NULL, documents.id IS NOT NULL,
        chats.id IS NOT NULL AND (sized.messageId IS NULL OR messages.id IS NOT NULL)) AS isFound
    FROM sized
    LEFT JOIN chats ON chats.userId = ${userId} AND chats.id = sized.chatId
      AND chats.arrivingSince IS NULL
    LEFT JOIN messages ON messages.userId = ${userId}
      AND messages.id = sized.messageId AND messages.chatId = chats.id
      AND messages.status <> 'streaming'
    LEFT JOIN documents ON documents.userId = ${userId} AND documents.id = sized.documentId
      AND ${isDocumentThere}
    LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
      AND versions.documentId = sized.textOf AND versions.version = documents.version
    WHERE coalesce(sized.bytesBefore, 0) < ${foundBytes}
    ORDER BY sized.place`.execute(db.kysely);
  return rows.map(({ isFound, ...found }) => (isFound ? found : null));
}

/** Lists owners of a database whose changes wait for their search objects, in random order. */
export async function listWaitingOwners(db: ContentDb, limit: number): Promise<string[]> {
  const { rows } = await sql<{ userId: string }>`
    SELECT userId FROM searchChanges GROUP BY userId ORDER BY random() LIMIT ${limit}`.execute(
    db.kysely,
  );
  return rows.map(({ userId }) => userId);
}
