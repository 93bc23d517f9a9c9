/** Imports documents without a chat: those that a person has made by hand. */
import { type ContentDb, valuesOf } from "db";
import type { UserContext } from "../../../context.ts";
import type { ChatImportOutput } from "../../../contracts/transfer.ts";
import { breathe } from "../../../platform/breathe.ts";
import { derivedId } from "../../../platform/derived-id.ts";
import { newId } from "../../../platform/ids.ts";
import { limitsOf } from "../../limits/limits-of.ts";
import { runFitting } from "../../limits/storage.ts";
import { isOfFile, reasonFor } from "../read/failure-reason.ts";
import type { FileDocument } from "../read/file-chat.ts";
import { checkDocuments } from "./check-documents.ts";
import { insertDocuments, inVersionPieces } from "./insert-documents.ts";
import { renameDocuments } from "./rename-documents.ts";

/**
 * Imports documents with all their versions, each completely or not at all. The same import makes
 * each once: its id belongs to the import and to its place there.
 *
 * @param output to which the results are added
 */
export async function importDocuments(
  ctx: UserContext,
  documents: readonly FileDocument[],
  importId: string | undefined,
  output: Pick<ChatImportOutput, "importedDocuments" | "failures">,
): Promise<void> {
  const { userId } = ctx.viewer;
  const items = documents.map((document, index) => ({
    ...{ document, index },
    id: importId ? derivedId(`${userId} ${importId}/documents/${index}`) : newId(),
  }));
  const ids = importId ? items.map(({ id }) => id) : [];
  const known = await listTitles(ctx.content, userId, ids);
  for (const { document, index, id } of items) {
    try {
      const title = known.get(id) ?? (await importDocument(ctx, document, id));
      output.importedDocuments.push({ index, documentId: id, title });
    } catch (error) {
      // The same import may have been sent twice at once.
      const title = isOfFile(error)
        ? undefined
        : (await listTitles(ctx.content, userId, [id])).get(id);
      if (title !== undefined) output.importedDocuments.push({ index, documentId: id, title });
      else {
        const reason = reasonFor(ctx, "document", error);
        output.failures.push({ index, title: document.title, ...reason });
      }
    }
  }
}

/** @returns the document's title */
async function importDocument(
  ctx: UserContext,
  fileDocument: FileDocument,
  id: string,
): Promise<string> {
  await breathe();
  const read = fileDocument.read();
  checkDocuments([read]);
  const renamed = renameDocuments({ documents: [read], messages: [] }, new Map());
  const documents = renamed.documents.map((document) => ({ ...document, id }));
  const pieces = await inVersionPieces(documents);
  const { userId } = ctx.viewer;
  // One batch, because a document without a chat has nothing that hides it while it arrives.
  await runFitting(ctx.content, userId, limitsOf(ctx.env, ctx.viewer).storage, [
    ...insertDocuments.rows(userId, { id: null, documents }),
    ...insertDocuments.versions(userId, pieces),
  ]);
  return read.title;
}

/** The titles of those documents that are there, by their ids. */
async function listTitles(
  db: ContentDb,
  userId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.kysely
    .selectFrom("documents")
    .select(["id", "title"])
    .where("userId", "=", userId)
    .where("id", "in", valuesOf(ids))
    .execute();
  return new Map(rows.map(({ id, title }) => [id, title]));
}
