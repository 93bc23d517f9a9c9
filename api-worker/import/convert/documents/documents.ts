import { createHash } from "node:crypto";
import { limits } from "../../../src/contracts/limits.ts";
import type { ConvertedGroup, FileReference, TableRows } from "../../model.ts";
import { type ConvertContext, Findings, type Note, type Outcomes } from "../context.ts";
import { referenceOf, StoredFiles } from "../stored-files.ts";
import { toMs } from "../time.ts";
import { bytesOf, cutToBytes } from "../values.ts";
import { languageOf } from "./document-kinds.ts";
import { documentKey } from "./links.ts";
import { storedPicture } from "./pictures.ts";
import { type DocumentGroup, fileOf, type ReadDocument, readDocuments } from "./read-documents.ts";
import { convertSuggestions } from "./suggestions.ts";

/** Of a content that is too large: what its version begins with. */
const beginningMaxBytes = limits.documentMaxBytes - 10_000;

/** The pictures of a group, and what is too large for a version. */
export function filesOfDocument(group: DocumentGroup, context: ConvertContext): FileReference[] {
  return readDocuments(group, context, new Findings()).flatMap((document) =>
    document.versions.flatMap((version) => {
      const file = fileOf(document.id, version);
      if (!file) return [];
      const chatId = chatIdOf(group, document, context);
      const { userId } = document;
      const time = version.micros === null ? {} : { createdAt: toMs(version.micros) };
      return [referenceOf(file, { userId, chatId, ...time })];
    }),
  );
}

/** Versions are numbered from 1 in the order of time. */
export function convertDocument(
  group: DocumentGroup,
  context: ConvertContext,
  outcomes: Outcomes,
): ConvertedGroup {
  const findings = new Findings();
  const files = new StoredFiles(outcomes);
  const documents = readDocuments(group, context, findings);
  const stored = documents.map((document) => {
    return { document, contents: contentsOf(document, files, findings.of("Document", group.id)) };
  });
  const rows = (table: string, key: readonly string[], list: TableRows["rows"]): TableRows => ({
    ...{ table, database: "content", key, rows: list },
  });
  return {
    kind: "document",
    id: group.id,
    tables: [
      files.table,
      rows(
        "documents",
        ["userId", "id"],
        documents.map((document) => documentRow(group, document, context)),
      ),
      rows(
        "documentVersions",
        ["userId", "documentId", "version"],
        stored.flatMap(({ document, contents }) => versionRows(group, document, contents, context)),
      ),
      rows(
        "suggestions",
        ["userId", "documentId", "id"],
        convertSuggestions(group.suggestions, stored, context.zone, findings),
      ),
    ],
    findings: findings.list,
    userId: documents[0]?.userId ?? null,
  };
}

function contentsOf(document: ReadDocument, files: StoredFiles, note: Note): string[] {
  return document.versions.map((version) => {
    const file = fileOf(document.id, version);
    if (!file) return version.text;
    const outcome = files.outcomeOf(file);
    if (file.content === null) {
      const picture = outcome && storedPicture(outcome, version.title);
      if (picture) return picture;
      note("picture-not-stored", `A picture is kept as text: ${reasonOf(outcome)}`);
      return cutToBytes(version.text, beginningMaxBytes);
    }
    const isStored = outcome?.state === "stored";
    const place = isStored
      ? `It is in your files as “${outcome.name}”: /files/${outcome.uploadId}`
      : reasonOf(outcome);
    note("document-too-large", `A version has ${bytesOf(version.text)} bytes. ${place}`);
    return `${cutToBytes(version.text, beginningMaxBytes)}\n\n… This is the beginning. The whole text is too large for a document. ${place}\n`;
  });
}

function reasonOf(outcome: ReturnType<StoredFiles["outcomeOf"]>): string {
  return outcome && outcome.state !== "stored" ? outcome.reason : "it was not copied.";
}

function originOf(group: DocumentGroup, { userId }: ReadDocument, { links }: ConvertContext) {
  return links.byDocument.get(documentKey(userId, group.id));
}

function chatIdOf(group: DocumentGroup, document: ReadDocument, context: ConvertContext) {
  return originOf(group, document, context)?.chatId ?? null;
}

function documentRow(group: DocumentGroup, document: ReadDocument, context: ConvertContext) {
  const { id, userId, versions } = document;
  const [first] = versions;
  const last = versions.at(-1);
  const kind = last?.kind ?? "text";
  const title = last?.title ?? "Untitled";
  return {
    ...{ userId, id, chatId: chatIdOf(group, document, context), kind, title },
    language: languageOf(kind, title),
    version: versions.length,
    createdAt: toMs(first?.micros ?? 0),
    updatedAt: toMs(last?.micros ?? 0),
  };
}

function versionRows(
  group: DocumentGroup,
  document: ReadDocument,
  contents: readonly string[],
  context: ConvertContext,
): TableRows["rows"] {
  const { id: documentId, userId, versions } = document;
  const messageIds = originOf(group, document, context)?.messageIds;
  return versions.map(({ micros }, index) => {
    const version = index + 1;
    const messageId = messageIds?.get(version) ?? null;
    const content = contents[index] ?? "";
    const time = toMs(micros ?? 0);
    return {
      ...{ userId, documentId, version, number: version },
      ...{ author: messageId === null ? "person" : "model", status: "complete", messageId },
      ...{ saveId: null, runId: null, restoredFrom: null, baseVersion: null },
      ...{ content, contentHash: createHash("sha256").update(content).digest("hex") },
      ...{ startedAt: time, createdAt: time },
    };
  });
}
