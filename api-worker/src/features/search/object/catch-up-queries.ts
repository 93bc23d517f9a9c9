/** What the index reads of D1: changes that wait, and texts, in pages that are bounded by size. */
import { type ContentDb, runBatch, sql } from "db";
import { isDocumentThere, textOfDocument, textOfMessage } from "../searched-text.ts";

/** Rows of a page at most, and bytes of their parts after which a page ends. */
const pageRows = 200;
const pageBytes = 128_000;
/** Chats whose ids are listed at once. */
export const chatsPageSize = 500;

/** A change that waits, with the text as it is now. */
export interface Change {
  readonly id: number;
  readonly scope: "all" | "chat" | "title" | "message";
  readonly chatId: string;
  readonly messageId: string | null;
  /** null: there is no such chat. */
  readonly title: string | null;
  /** The chat that has the message; null: there is no such message. */
  readonly messageChatId: string | null;
  readonly isEnded: 0 | 1;
  readonly text: string | null;
  /** The document, in place of a message. */
  readonly documentId: string | null;
  /** null: there is no such document. */
  readonly documentTitle: string | null;
  readonly documentText: string | null;
}

/**
 * Lists the oldest changes of an owner that wait; at least one, when there is one. Of several
 * changes of a document the last one has it.
 */
export async function listChanges(db: ContentDb, userId: string): Promise<Change[]> {
  const { rows } = await sql<Change>`
    WITH page AS (
      SELECT id, scope, chatId, messageId, documentId FROM searchChanges
      WHERE userId = ${userId} AND scope <> 'building' ORDER BY id LIMIT ${pageRows}
    ), sized AS (
      SELECT page.*, sum(
          coalesce(octet_length(messages.parts), 0) + coalesce(octet_length(versions.content), 0)
        ) OVER (ORDER BY page.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytesBefore
      FROM (
        SELECT id, scope, chatId, messageId,
          CASE WHEN id = max(id) OVER (PARTITION BY documentId) THEN documentId END AS documentId
        FROM page
      ) AS page
      LEFT JOIN messages ON messages.userId = ${userId} AND messages.id = page.messageId
      LEFT JOIN documents ON documents.userId = ${userId} AND documents.id = page.documentId
      LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
        AND versions.documentId = documents.id AND versions.version = documents.version
    )
    SELECT sized.id, sized.scope, sized.chatId, sized.messageId, chats.title,
      messages.chatId AS messageChatId, coalesce(messages.status <> 'streaming', 0) AS isEnded,
      ${textOfMessage} AS text, sized.documentId, documents.title AS documentTitle,
      ${textOfDocument} AS documentText
    FROM sized
    LEFT JOIN chats
      ON chats.userId = ${userId} AND chats.id = sized.chatId AND chats.arrivingSince IS NULL
    LEFT JOIN messages ON messages.userId = ${userId} AND messages.id = sized.messageId
    LEFT JOIN documents ON documents.userId = ${userId} AND documents.id = sized.documentId
      AND ${isDocumentThere}
    LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
      AND versions.documentId = documents.id AND versions.version = documents.version
    WHERE coalesce(sized.bytesBefore, 0) < ${pageBytes}
    ORDER BY sized.id`.execute(db.kysely);
  return rows;
}

/** Deletes an owner's changes up to one. A request to build the index anew stays until it is built. */
export async function deleteChanges(db: ContentDb, userId: string, untilId: number): Promise<void> {
  await runBatch(db, [
    sql`UPDATE searchChanges SET scope = 'building'
      WHERE userId = ${userId} AND id <= ${untilId} AND scope = 'all'`,
    sql`DELETE FROM searchChanges
      WHERE userId = ${userId} AND id <= ${untilId} AND scope <> 'building'`,
  ]);
}

/** Says that the index that was asked for is built. */
export async function deleteBuilding(db: ContentDb, userId: string): Promise<void> {
  await sql`DELETE FROM searchChanges WHERE userId = ${userId} AND scope = 'building'`.execute(
    db.kysely,
  );
}

/** A place in the list of chats by time. */
export interface ChatPlace {
  readonly updatedAt: number;
  readonly id: string;
}

/** Lists the chats after a place. One that is used meanwhile moves on, so none is left out. */
export async function listChats(
  db: ContentDb,
  userId: string,
  after: ChatPlace,
): Promise<ChatPlace[]> {
  const { rows } = await sql<ChatPlace>`
    SELECT updatedAt, id FROM chats
    WHERE userId = ${userId} AND arrivingSince IS NULL AND (updatedAt, id) > (${after.updatedAt}, ${after.id})
    ORDER BY updatedAt, id LIMIT ${chatsPageSize}`.execute(db.kysely);
  return rows;
}

export async function findTitle(
  db: ContentDb,
  userId: string,
  chatId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ title: string }>`
    SELECT title FROM chats
    WHERE userId = ${userId} AND id = ${chatId} AND arrivingSince IS NULL`.execute(db.kysely);
  return rows[0]?.title;
}

/** A place in the messages of a chat by time. */
export interface MessagePlace {
  readonly createdAt: number;
  readonly id: string;
}

export interface MessageText extends MessagePlace {
  /** null for an answer that has not ended, and for a message without text. */
  readonly text: string | null;
}

/** Lists messages of a chat after a place, in order; none after the last. */
export async function listMessageTexts(
  db: ContentDb,
  userId: string,
  chatId: string,
  after: MessagePlace,
): Promise<MessageText[]> {
  const { rows } = await sql<MessageText>`
    WITH page AS (
      SELECT id, createdAt, octet_length(parts) AS bytes FROM messages
      WHERE userId = ${userId} AND chatId = ${chatId}
        AND (createdAt, id) > (${after.createdAt}, ${after.id})
      ORDER BY createdAt, id LIMIT ${pageRows}
    ), sized AS (
      SELECT id, sum(bytes) OVER (
          ORDER BY createdAt, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS bytesBefore
      FROM page
    )
    SELECT messages.id, messages.createdAt,
      iif(messages.status = 'streaming', NULL, ${textOfMessage}) AS text
    FROM sized
    CROSS JOIN messages ON messages.userId = ${userId} AND messages.id = sized.id
    WHERE coalesce(sized.bytesBefore, 0) < ${pageBytes}
    ORDER BY messages.createdAt, messages.id`.execute(db.kysely);
  return rows;
}

/** A place in the list of documents by time. */
export type DocumentPlace = ChatPlace;

export interface DocumentText extends DocumentPlace {
  readonly title: string;
  /** Of the newest version; null for a picture. */
  readonly text: string | null;
}

/**
 * Lists documents after a place, in order; none after the last. One that changes meanwhile moves on,
 * so none is left out.
 */
export async function listDocumentTexts(
  db: ContentDb,
  userId: string,
  after: DocumentPlace,
): Promise<DocumentText[]> {
  const { rows } = await sql<DocumentText>`
    WITH page AS (
      SELECT id, updatedAt, version FROM documents
      WHERE userId = ${userId} AND (updatedAt, id) > (${after.updatedAt}, ${after.id})
        AND ${isDocumentThere}
      ORDER BY updatedAt, id LIMIT ${pageRows}
    ), sized AS (
      SELECT page.*, sum(coalesce(octet_length(versions.content), 0)) OVER (
          ORDER BY page.updatedAt, page.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS bytesBefore
      FROM page
      LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
        AND versions.documentId = page.id AND versions.version = page.version
    )
    SELECT documents.id, documents.updatedAt, documents.title, ${textOfDocument} AS text
    FROM sized
    CROSS JOIN documents ON documents.userId = ${userId} AND documents.id = sized.id
    LEFT JOIN documentVersions AS versions ON versions.userId = ${userId}
      AND versions.documentId = documents.id AND versions.version = documents.version
    WHERE coalesce(sized.bytesBefore, 0) < ${pageBytes}
    ORDER BY sized.updatedAt, sized.id`.execute(db.kysely);
  return rows;
}
