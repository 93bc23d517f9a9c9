import { type ContentDb, type DocumentAuthor, sql } from "db";
import { isAfter, type PageRequest } from "../../platform/page.ts";

/** The owner is part of a document's key, so no query here can reach another user's document. */
export interface DocumentKey {
  readonly userId: string;
  readonly documentId: string;
}

/** Saves of one run of edits become one version for this long, in ms. */
export const runMaxMs = 5 * 60_000;

const documentColumns = [
  "id",
  "chatId",
  "kind",
  "title",
  "language",
  "version",
  "createdAt",
  "updatedAt",
] as const;

export function findDocumentQuery({ kysely }: ContentDb, { userId, documentId }: DocumentKey) {
  return kysely
    .selectFrom("documents")
    .select(documentColumns)
    .where("userId", "=", userId)
    .where("id", "=", documentId);
}

/** Builds the query for a page of a user's documents, last changed first. */
export function listDocumentsQuery(
  { kysely }: ContentDb,
  params: PageRequest & { readonly userId: string; readonly chatId: string | undefined },
) {
  const { userId, chatId, after, limit } = params;
  let page = kysely
    .selectFrom("documents")
    .select(documentColumns)
    .where("userId", "=", userId)
    // A copied chat is not seen before all of it has arrived.
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM chats WHERE chats.userId = documents.userId
        AND chats.id = documents.chatId AND chats.arrivingSince IS NOT NULL)`,
    )
    .orderBy("updatedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (chatId !== undefined) page = page.where("chatId", "=", chatId);
  return after === null ? page : page.where(isAfter(["updatedAt", "id"], after));
}

/** A version's facts, with the number of the version that it restored. */
function versionsOf({ kysely }: ContentDb, { userId, documentId }: DocumentKey) {
  return kysely
    .selectFrom("documentVersions as versions")
    .leftJoin("documentVersions as source", (join) =>
      join
        .onRef("source.userId", "=", "versions.userId")
        .onRef("source.documentId", "=", "versions.documentId")
        .onRef("source.version", "=", "versions.restoredFrom"),
    )
    .leftJoin("documentVersions as base", (join) =>
      join
        .onRef("base.userId", "=", "versions.userId")
        .onRef("base.documentId", "=", "versions.documentId")
        .onRef("base.version", "=", "versions.baseVersion")
        .on(sql<boolean>`base.number <> versions.number - 1`),
    )
    .select([
      "versions.version",
      "versions.number",
      "versions.author",
      "versions.status",
      "versions.messageId",
      "source.number as restoredFrom",
      "base.version as madeFrom",
      sql<number>`octet_length(versions.content)`.as("bytes"),
      "versions.createdAt",
    ])
    .where("versions.userId", "=", userId)
    .where("versions.documentId", "=", documentId);
}

/** Builds the query for a version with its content; the newest when `version` is undefined. */
export function findVersionQuery(db: ContentDb, key: DocumentKey, version: number | undefined) {
  const wanted = version ?? findDocumentQuery(db, key).clearSelect().select("version");
  return versionsOf(db, key).select("versions.content").where("versions.version", "=", wanted);
}

/** Builds the query for a page of a document's versions, newest first. */
export function listVersionsQuery(db: ContentDb, key: DocumentKey, { after, limit }: PageRequest) {
  const page = versionsOf(db, key).orderBy("versions.version", "desc").limit(limit);
  return after === null ? page : page.where("versions.version", "<", after[0]);
}

export interface NewDocument extends DocumentKey {
  readonly kind: string;
  readonly title: string;
  readonly language: string | null;
  readonly content: string;
  readonly contentHash: string;
  readonly now: number;
}

/** Builds the statements that insert a document with its first version, if it is not there. */
export function insertDocumentQueries(db: ContentDb, document: NewDocument) {
  const { userId, documentId, kind, title, language, content, contentHash, now } = document;
  const key = { userId, id: documentId, createdAt: now };
  return [
    db.kysely
      .insertInto("documents")
      .values({ ...key, kind, title, language, version: 1, updatedAt: now })
      .onConflict((conflict) => conflict.doNothing()),
    db.kysely
      .insertInto("documentVersions")
      .values({
        ...{ userId, documentId, version: 1, number: 1, author: "person" },
        ...{ content, contentHash, startedAt: now, createdAt: now },
      })
      .onConflict((conflict) => conflict.doNothing()),
  ] as const;
}

export interface Save extends DocumentKey {
  readonly baseVersion: number;
  readonly saveId: string;
  readonly runId: string | null;
  readonly author: DocumentAuthor;
  readonly content: string;
  readonly contentHash: string;
  readonly now: number;
}

/** The state of a document before a save, from which its outcome follows. */
export interface StateBefore {
  readonly version: number;
  readonly saveId: string | null;
  readonly contentHash: string;
}

/**
 * Builds the statements of a save, which belong in one batch. They write nothing when the newest
 * version is not the save's base, or has the same content. A version of the same run of edits is
 * replaced: the new one takes its number.
 *
 * @returns in order: the state before, the insert, the removal of the replaced version, and the
 *   update of the document
 */
export function saveQueries(save: Save) {
  const { userId, documentId, baseVersion, saveId, runId, author, content, contentHash, now } =
    save;
  const version = baseVersion + 1;
  const goesOn = sql`base.runId = ${runId} AND base.author = ${author}
    AND base.messageId IS NULL AND base.startedAt > ${now - runMaxMs}
    AND NOT EXISTS (SELECT 1 FROM suggestions WHERE suggestions.userId = base.userId
      AND suggestions.documentId = base.documentId AND suggestions.version = base.version)`;
  const isSaved = sql`EXISTS (SELECT 1 FROM documentVersions AS saved
    WHERE saved.userId = ${userId} AND saved.documentId = ${documentId}
      AND saved.version = ${version} AND saved.saveId = ${saveId}`;
  return [
    sql<StateBefore>`SELECT documents.version, base.saveId, base.contentHash
      FROM documents JOIN documentVersions AS base ON base.userId = documents.userId
        AND base.documentId = documents.id AND base.version = documents.version
      WHERE documents.userId = ${userId} AND documents.id = ${documentId}`,
    sql`INSERT INTO documentVersions (userId, documentId, version, number, author, saveId, runId,
        content, contentHash, startedAt, createdAt)
      SELECT base.userId, base.documentId, ${version},
        CASE WHEN ${goesOn} THEN base.number ELSE base.number + 1 END,
        ${author}, ${saveId}, ${runId}, ${content}, ${contentHash},
        CASE WHEN ${goesOn} THEN base.startedAt ELSE ${now} END, ${now}
      FROM documents JOIN documentVersions AS base ON base.userId = documents.userId
        AND base.documentId = documents.id AND base.version = documents.version
      WHERE documents.userId = ${userId} AND documents.id = ${documentId}
        AND documents.version = ${baseVersion} AND base.contentHash <> ${contentHash}
        AND documents.kind <> 'image'`,
    sql`DELETE FROM documentVersions
      WHERE userId = ${userId} AND documentId = ${documentId} AND version = ${baseVersion}
        AND ${isSaved} AND saved.number = documentVersions.number)`,
    sql`UPDATE documents SET version = ${version}, updatedAt = ${now}
      WHERE userId = ${userId} AND id = ${documentId} AND version = ${baseVersion} AND ${isSaved})`,
  ] as const;
}

/**
 * Builds the statements that make a new version with the content of an earlier one, which belong in
 * one batch. They write nothing when the newest version has the same content.
 */
export function restoreQueries({ userId, documentId }: DocumentKey, source: number, now: number) {
  return [
    sql`INSERT INTO documentVersions (userId, documentId, version, number, author, restoredFrom,
        content, contentHash, startedAt, createdAt)
      SELECT newest.userId, newest.documentId, newest.version + 1, newest.number + 1, 'person',
        source.version, source.content, source.contentHash, ${now}, ${now}
      FROM documents JOIN documentVersions AS newest ON newest.userId = documents.userId
        AND newest.documentId = documents.id AND newest.version = documents.version
      JOIN documentVersions AS source ON source.userId = documents.userId
        AND source.documentId = documents.id AND source.version = ${source}
      WHERE documents.userId = ${userId} AND documents.id = ${documentId}
        AND newest.contentHash <> source.contentHash`,
    sql`UPDATE documents SET version = version + 1, updatedAt = ${now}
      WHERE userId = ${userId} AND id = ${documentId}
        AND EXISTS (SELECT 1 FROM documentVersions AS restored
          WHERE restored.userId = documents.userId AND restored.documentId = documents.id
            AND restored.version = documents.version + 1)`,
  ] as const;
}

export function updateDocumentTitle(
  { kysely }: ContentDb,
  { userId, documentId }: DocumentKey,
  title: string,
) {
  return kysely
    .updateTable("documents")
    .set({ title })
    .where("userId", "=", userId)
    .where("id", "=", documentId)
    .returning(documentColumns);
}

/** Deletes a document with its versions. */
export async function deleteDocumentRow(
  { kysely }: ContentDb,
  { userId, documentId }: DocumentKey,
): Promise<boolean> {
  const deleted = await kysely
    .deleteFrom("documents")
    .where("userId", "=", userId)
    .where("id", "=", documentId)
    .returning("id")
    .executeTakeFirst();
  return deleted !== undefined;
}
