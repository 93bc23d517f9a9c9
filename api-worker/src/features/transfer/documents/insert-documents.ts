/** The statements that insert the documents of a copied chat, in bounded pieces. */
import { type BatchQuery, sql } from "db";
import type {
  ExportedChat,
  ExportedDocument,
  ExportedVersion,
} from "../../../contracts/transfer.ts";
import { breathe } from "../../../platform/breathe.ts";
import { newId } from "../../../platform/ids.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

/** Bytes of JSON in one statement. */
const pieceMaxBytes = 800_000;

interface Row extends ExportedVersion {
  readonly documentId: string;
  readonly number: number;
  readonly contentHash: string;
}

/** Versions that one statement inserts: several as JSON, or a large one with its content beside it. */
export type VersionPiece =
  | { readonly json: string }
  | { readonly json: string; readonly content: string };

/** The bytes of documents' versions. */
export function bytesOf(documents: readonly ExportedDocument[]): number {
  return documents
    .flatMap(({ versions }) => versions)
    .reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}

/** Divides the versions of documents into pieces. Other requests run in between. */
export async function inVersionPieces(
  documents: readonly ExportedDocument[],
): Promise<VersionPiece[]> {
  const pieces: VersionPiece[] = [];
  let items: string[] = [];
  let bytes = 0;
  const close = () => {
    if (items.length > 0) pieces.push({ json: `[${items.join(",")}]` });
    [items, bytes] = [[], 0];
  };
  for (const row of documents.flatMap(rowsOf)) {
    const item = JSON.stringify(row);
    const size = Buffer.byteLength(item);
    if (bytes + size > pieceMaxBytes) {
      close();
      await breathe();
    }
    if (size > pieceMaxBytes) {
      const { content, ...facts } = row;
      pieces.push({ json: JSON.stringify([facts]), content });
      continue;
    }
    items.push(item);
    bytes += size;
  }
  close();
  return pieces;
}

function rowsOf({ id, versions }: ExportedDocument): Row[] {
  return versions.map((version, index) => ({
    ...version,
    documentId: id,
    number: index + 1,
    contentHash: sha256Hex(version.content),
  }));
}

/** Divides rows into JSON lists of a bounded size. */
function inStatements(rows: readonly object[]): string[] {
  const lists: string[][] = [];
  let bytes = pieceMaxBytes;
  for (const row of rows) {
    const item = JSON.stringify(row);
    const size = Buffer.byteLength(item);
    if (bytes + size > pieceMaxBytes) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(item);
    bytes += size;
  }
  return lists.map((items) => `[${items.join(",")}]`);
}

export const insertDocuments = {
  /** The documents themselves, of a chat or of none, in one statement. */
  rows(
    userId: string,
    { id: chatId, documents }: Pick<ExportedChat, "documents"> & { readonly id: string | null },
  ): BatchQuery[] {
    if (documents.length === 0) return [];
    const rows = documents.map(({ versions, suggestions: _, ...document }) => ({
      ...document,
      version: versions.at(-1)?.version,
    }));
    return [
      sql`INSERT INTO documents (userId, id, chatId, kind, title, language, version, createdAt,
          updatedAt)
        SELECT ${userId}, value ->> 'id', ${chatId}, value ->> 'kind', value ->> 'title',
          value ->> 'language', value ->> 'version', value ->> 'createdAt', value ->> 'updatedAt'
        FROM json_each(${JSON.stringify(rows)})`,
    ];
  },
  versions: (userId: string, pieces: readonly VersionPiece[]): BatchQuery[] =>
    pieces.map((piece) => {
      const content = "content" in piece ? sql`${piece.content}` : sql`value ->> 'content'`;
      return sql`INSERT INTO documentVersions (userId, documentId, version, number, author, status,
          messageId, restoredFrom, baseVersion, content, contentHash, startedAt, createdAt)
        SELECT ${userId}, value ->> 'documentId', value ->> 'version', value ->> 'number',
          value ->> 'author', value ->> 'status', value ->> 'messageId', value ->> 'restoredFrom',
          value ->> 'baseVersion', ${content}, value ->> 'contentHash', value ->> 'createdAt',
          value ->> 'createdAt'
        FROM json_each(${piece.json})`;
    }),
  /** Their ids are new. */
  suggestions(userId: string, documents: readonly ExportedDocument[]): BatchQuery[] {
    const rows = documents.flatMap(({ id: documentId, suggestions }) =>
      suggestions.map((suggestion) => ({ ...suggestion, documentId, id: newId() })),
    );
    return inStatements(rows).map(
      (json) => sql`INSERT INTO suggestions (userId, documentId, id, version, messageId, original,
          start, proposed, reason, createdAt)
        SELECT ${userId}, value ->> 'documentId', value ->> 'id', value ->> 'version',
          value ->> 'messageId', value ->> 'original', value ->> 'start', value ->> 'proposed',
          value ->> 'reason', value ->> 'createdAt'
        FROM json_each(${json})`,
    );
  },
};
