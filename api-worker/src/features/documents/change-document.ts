import type { z } from "zod";
import type { OwnerContext, UserContext } from "../../context.ts";
import type {
  DocumentOutput,
  documentCreateInput,
  documentIdInput,
  documentRenameInput,
} from "../../contracts/documents.ts";
import { notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { derivedId } from "../../platform/derived-id.ts";
import { sha256Hex } from "../../platform/sha256.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { runFitting } from "../limits/storage.ts";
import { purgeUploads } from "../uploads/purge/purge-uploads.ts";
import {
  deleteDocumentRow,
  findDocumentQuery,
  insertDocumentQueries,
  updateDocumentTitle,
} from "./queries.ts";
import { toDocumentOutput } from "./read-documents.ts";

/**
 * Makes a document by hand. The same key makes one document, however often it is sent.
 *
 * @throws AppError TOO_LARGE when the viewer's storage is full; RATE_LIMITED for a guest
 */
export async function createDocument(
  ctx: UserContext,
  { key, kind, title, language, content }: z.infer<typeof documentCreateInput>,
): Promise<DocumentOutput> {
  const { userId } = ctx.viewer;
  await keepGuest(ctx);
  const documentKey = { userId, documentId: idOf(userId, key) };
  const [insert, insertVersion] = insertDocumentQueries(ctx.content, {
    ...documentKey,
    ...{ kind, title, language: language ?? null },
    ...{ content, contentHash: sha256Hex(content), now: systemClock() },
  });
  const queries = [insert, insertVersion, findDocumentQuery(ctx.content, documentKey)] as const;
  const { storage } = limitsOf(ctx.env, ctx.viewer);
  const [, , [created]] = await runFitting(ctx.content, userId, storage, queries);
  if (!created) throw new Error("A document is missing after its insertion.");
  return toDocumentOutput(created);
}

/**
 * The id of a document by its key. A guest and the account that takes its documents over never have
 * the same ids, whatever keys a client sends.
 */
function idOf(userId: string, key: string): string {
  return derivedId(`${userId} ${key}`);
}

/** @throws AppError NOT_FOUND */
export async function renameDocument(
  { content, userId }: OwnerContext,
  { documentId, title }: z.infer<typeof documentRenameInput>,
): Promise<DocumentOutput> {
  const renamed = await updateDocumentTitle(
    content,
    { userId, documentId },
    title,
  ).executeTakeFirst();
  if (!renamed) throw notFound("document");
  return toDocumentOutput(renamed);
}

/**
 * Deletes a document with all its versions, and their pictures.
 *
 * @throws AppError NOT_FOUND
 */
export async function deleteDocument(
  owner: OwnerContext,
  { documentId }: z.infer<typeof documentIdInput>,
): Promise<null> {
  const { content, userId } = owner;
  if (!(await deleteDocumentRow(content, { userId, documentId }))) throw notFound("document");
  await purgeUploads(owner);
  return null;
}
