/** Imports documents without a chat: those that a person has made by hand. */
import { type ContentDb, valuesOf } from "db";
import type { OwnerContext, UserContext } from "../../../context.ts";
import type { ChatImportOutput, ExportedDocument } from "../../../contracts/transfer.ts";
import { ownerOf } from "../../../owner-context.ts";
import { breathe } from "../../../platform/breathe.ts";
import { systemClock } from "../../../platform/clock.ts";
import { derivedId } from "../../../platform/derived-id.ts";
import { newId } from "../../../platform/ids.ts";
import { jobObject } from "../../../platform/job-object.ts";
import type { RequestBudget } from "../../../platform/request-budget.ts";
import { limitsOf } from "../../limits/limits-of.ts";
import { runFitting, type StorageLimits } from "../../limits/storage.ts";
import { GroupedSaves } from "../grouped-saves.ts";
import { isOfFile, reasonFor } from "../read/failure-reason.ts";
import type { FileDocument } from "../read/file-chat.ts";
import { documentUntilNow } from "../read/until-now.ts";
import { checkDocuments } from "./check-documents.ts";
import { bytesOf, insertDocuments, inVersionPieces } from "./insert-documents.ts";
import { renameDocuments } from "./rename-documents.ts";

/** A document that was read from a file and checked, with its id. */
export interface ReadDocument {
  readonly index: number;
  readonly document: ExportedDocument;
}

/** What became of a document. */
export type SavedDocument =
  | { readonly isSaved: true; readonly title: string }
  | ({ readonly isSaved: false } & Reason);

type Reason = ReturnType<typeof reasonFor>;

/**
 * Imports documents with all their versions, each completely or not at all. The same import makes
 * each once: its id belongs to the import and to its place there.
 *
 * @param work the output, to which the results are added, and what is left of the request's calls
 */
export async function importDocuments(
  ctx: UserContext,
  documents: readonly FileDocument[],
  importId: string | undefined,
  {
    output,
    budget,
  }: {
    readonly output: Pick<ChatImportOutput, "importedDocuments" | "failures">;
    readonly budget: RequestBudget;
  },
): Promise<void> {
  const owner = ownerOf(ctx);
  const { userId, contentShard } = owner;
  const { storage } = limitsOf(ctx.env, ctx.viewer);
  const ids = documents.map((_, index) =>
    importId ? derivedId(`${userId} ${importId}/documents/${index}`) : newId(),
  );
  const known = await listTitles(ctx.content, userId, importId ? ids : []);
  const onSaved = (index: number, title: string) =>
    output.importedDocuments.push({ index, documentId: ids[index] ?? "", title });
  const onFailed = (index: number, reason: Reason) =>
    output.failures.push({ index, title: documents[index]?.title ?? null, ...reason });
  const saves = new GroupedSaves<ReadDocument, SavedDocument>({
    budget,
    isRepeatable: importId !== undefined,
    send: (json) =>
      jobObject(ctx.env, `${userId}/import`).importDocuments(
        { userId, contentShard },
        storage,
        json,
      ),
    save: (document) => saveDocument(owner, storage, document),
    onResult({ index }, result) {
      if (result.isSaved) onSaved(index, result.title);
      else {
        const { isSaved: _, ...reason } = result;
        onFailed(index, reason);
      }
    },
    onFailure: ({ index }, error) => onFailed(index, reasonFor(ctx, "document", error)),
  });
  for (const [index, fileDocument] of documents.entries()) {
    const id = ids[index] ?? "";
    const title = known.get(id);
    if (title !== undefined) {
      onSaved(index, title);
      continue;
    }
    try {
      await breathe();
      const read = documentUntilNow(fileDocument.read(), systemClock());
      checkDocuments([read]);
      await saves.add({ index, document: { ...read, id } });
    } catch (error) {
      onFailed(index, reasonFor(ctx, "document", error));
    }
  }
  await saves.end();
}

/**
 * Saves documents, one after the other, until a budget is spent.
 *
 * @returns what became of the first ones: at least of one
 */
export async function saveDocuments(
  owner: OwnerContext,
  storage: StorageLimits,
  documents: readonly ReadDocument[],
  budget: RequestBudget,
): Promise<SavedDocument[]> {
  const saved: SavedDocument[] = [];
  for (const one of documents) {
    // The document, its versions and the check of the storage; and after a failure the storage
    // again, and whether a twin of the request has saved it.
    const hasRoom = budget.take(4 + Math.ceil(bytesOf([one.document]) / versionsBytes) * 2);
    if (!hasRoom && saved.length > 0) break;
    saved.push(await saveDocument(owner, storage, one));
    // A document that takes a whole invocation has it for itself.
    if (!hasRoom) break;
  }
  return saved;
}

/** Bytes of versions in one statement, about; see `insert-documents.ts`. */
const versionsBytes = 800_000;

/** Saves one document, or says why not. Never throws. */
async function saveDocument(
  owner: OwnerContext,
  storage: StorageLimits,
  { document }: ReadDocument,
): Promise<SavedDocument> {
  const { content, userId } = owner;
  const { id, title } = document;
  try {
    const renamed = renameDocuments({ documents: [document], messages: [] }, new Map());
    const documents = renamed.documents.map((one) => ({ ...one, id }));
    const pieces = await inVersionPieces(documents);
    // One batch, because a document without a chat has nothing that hides it while it arrives.
    await runFitting(content, userId, storage, [
      ...insertDocuments.rows(userId, { id: null, documents }),
      ...insertDocuments.versions(userId, pieces),
    ]);
    return { isSaved: true, title };
  } catch (error) {
    // The same import may have been sent twice at once.
    const twin = isOfFile(error)
      ? undefined
      : (await listTitles(content, userId, [id]).catch(() => null))?.get(id);
    if (twin !== undefined) return { isSaved: true, title: twin };
    return { isSaved: false, ...reasonFor(owner, "document", error) };
  }
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
