import { runBatch } from "db";
import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import {
  type DocumentGetOutput,
  type DocumentListOutput,
  type DocumentOutput,
  type DocumentVersionsOutput,
  type documentGetInput,
  documentKindSchema,
  type documentListInput,
  type documentVersionsInput,
} from "../../contracts/documents.ts";
import { notFound } from "../../errors.ts";
import { pageRequest, toPage } from "../../platform/page.ts";
import {
  findDocumentQuery,
  findVersionQuery,
  listDocumentsQuery,
  listVersionsQuery,
} from "./queries.ts";

type DocumentRow = Omit<DocumentOutput, "kind"> & { readonly kind: string };

export function toDocumentOutput(row: DocumentRow): DocumentOutput {
  return { ...row, kind: documentKindSchema.parse(row.kind) };
}

/** Lists a page of the owner's documents, last changed first. */
export async function listDocuments(
  { content, userId }: OwnerContext,
  { chatId, limit, cursor }: z.infer<typeof documentListInput>,
): Promise<DocumentListOutput> {
  const params = { userId, chatId, ...pageRequest(limit, cursor) };
  const rows = await listDocumentsQuery(content, params).execute();
  const { items, nextCursor } = toPage(rows, limit, ({ updatedAt, id }) => [updatedAt, id]);
  return { items: items.map(toDocumentOutput), nextCursor };
}

/**
 * Returns a document with one of its versions, the newest if none is named.
 *
 * @throws AppError NOT_FOUND
 */
export async function getDocument(
  { content: db, userId }: OwnerContext,
  { documentId, version }: z.infer<typeof documentGetInput>,
): Promise<DocumentGetOutput> {
  const key = { userId, documentId };
  const [[document], [found]] = await runBatch(db, [
    findDocumentQuery(db, key),
    findVersionQuery(db, key, version),
  ]);
  if (!document || !found) throw notFound("document");
  const { content, ...facts } = found;
  return { document: toDocumentOutput(document), version: facts, content };
}

/**
 * Lists a page of a document's versions, newest first.
 *
 * @throws AppError NOT_FOUND; INVALID for a cursor of another origin
 */
export async function listVersions(
  { content, userId }: OwnerContext,
  { documentId, limit, cursor }: z.infer<typeof documentVersionsInput>,
): Promise<DocumentVersionsOutput> {
  const key = { userId, documentId };
  const [[document], rows] = await runBatch(content, [
    findDocumentQuery(content, key),
    listVersionsQuery(content, key, pageRequest(limit, cursor)),
  ]);
  if (!document) throw notFound("document");
  return toPage(rows, limit, ({ version }) => [version, documentId]);
}
