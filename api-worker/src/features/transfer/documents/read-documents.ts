import type { ContentDb } from "db";
import type { ExportedDocument } from "../../../contracts/transfer.ts";
import { AppError } from "../../../errors.ts";
import { breathe } from "../../../platform/breathe.ts";
import { listDocumentVersions } from "./list-versions.ts";

interface Wanted {
  readonly messageIds: readonly string[];
  /** Whether versions that no message has made are read too. */
  readonly hasOwn: boolean;
  readonly maxBytes: number;
}

/**
 * Reads the documents that some messages of a chat have made, in steps. Other requests run in
 * between.
 *
 * @throws AppError TOO_LARGE
 */
export async function readDocuments(
  content: ContentDb,
  key: { readonly userId: string; readonly chatId: string },
  { messageIds, hasOwn, maxBytes }: Wanted,
): Promise<ExportedDocument[]> {
  const filter = { messageIds: JSON.stringify(messageIds), hasOwn };
  const documents = new Map<string, ExportedDocument>();
  let after = { documentId: "", version: 0 };
  let bytes = 0;
  for (;;) {
    const rows = await listDocumentVersions(content, key, after, filter);
    const last = rows.at(-1);
    if (!last) return [...documents.values()];
    for (const row of rows) {
      const { documentId, documentCreatedAt, documentUpdatedAt, suggestions: _, ...rest } = row;
      const { kind, title, language, ...version } = rest;
      const times = { createdAt: documentCreatedAt, updatedAt: documentUpdatedAt };
      const known = documents.get(documentId) ?? {
        ...{ id: documentId, kind, title, language, ...times, versions: [], suggestions: [] },
      };
      known.versions.push(version);
      documents.set(documentId, known);
      bytes += Buffer.byteLength(version.content);
    }
    if (bytes > maxBytes) throw new AppError("TOO_LARGE", "This chat is too long to copy.");
    after = last;
    await breathe();
  }
}
