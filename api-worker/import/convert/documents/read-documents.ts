/** Reads the rows of `Document` that have one id. */
import type { DocumentKind } from "../../../src/contracts/documents.ts";
import { limits } from "../../../src/contracts/limits.ts";
import type { RawGroup, RawRow } from "../../model.ts";
import type { ConvertContext, Findings, Note } from "../context.ts";
import { isOurId, keptId } from "../ids.ts";
import type { SourceFile } from "../messages/drafts.ts";
import { overflowFile } from "../overflow.ts";
import { microsOf } from "../time.ts";
import { bytesOf, mended, titleOf } from "../values.ts";
import { kindOf } from "./document-kinds.ts";
import { pictureFile } from "./pictures.ts";

export type DocumentGroup = Extract<RawGroup, { kind: "document" }>;

/** A row of `Document`, read. */
export interface ReadVersion {
  readonly userId: string;
  readonly micros: number | null;
  readonly title: string;
  readonly kind: DocumentKind;
  /** As the source has it, mended. */
  readonly text: string;
}

/** The document of one user among rows with one id. */
export interface ReadDocument {
  readonly id: string;
  readonly userId: string;
  readonly versions: readonly ReadVersion[];
}

/** Reads a group: usually one document. */
export function readDocuments(
  { id, versions, suggestions }: DocumentGroup,
  context: ConvertContext,
  findings: Findings,
): ReadDocument[] {
  const note = findings.of("Document", id);
  const ourId = keptId(id, "document");
  if (!isOurId(id)) note("id-renamed", `Its id is ${ourId} here.`);
  const read = versions.map((row) => readVersion(row, context, note));
  if (read.length === 0) read.push(...missingDocument(suggestions, context.zone, note));
  const byUser = Map.groupBy(inOrder(read), ({ userId }) => userId);
  if (byUser.size > 1)
    note(
      "document-of-several",
      "Its rows belong to several users. Each has a document of their own.",
    );
  for (const userId of byUser.keys()) {
    if (!context.userIds.has(userId))
      note(
        "owner-missing",
        `Its owner ${userId} does not exist. It is kept, and no one can see it.`,
      );
  }
  return [...byUser].map(([userId, its]) => ({ id: ourId, userId, versions: its }));
}

function readVersion(row: RawRow, { shape, zone }: ConvertContext, note: Note): ReadVersion {
  const kind = kindOf(row, shape);
  if (kind === null) {
    note(
      "kind-unknown",
      `“${row[shape.documentKindColumn ?? ""]}” is no kind of document. It is a text here.`,
    );
  }
  const micros = microsOf(row.createdAt, zone);
  if (micros === null)
    note("time-unreadable", "The time of a version is that of the one before it.");
  const text = mended(row.content ?? "");
  if (text !== (row.content ?? "")) note("text-mended", "It had characters that can’t be stored.");
  return {
    ...{ userId: row.userId ?? "", micros, kind: kind ?? "text", text },
    title: titleOf(row.title, limits.titleMaxLength),
  };
}

/** Suggestions of a document that does not exist keep their rows with an empty one. */
function missingDocument(suggestions: readonly RawRow[], zone: string, note: Note): ReadVersion[] {
  const [first] = suggestions;
  if (!first) return [];
  note(
    "document-missing",
    "It has suggestions and no content. They are kept with an empty document.",
  );
  const micros = microsOf(first.documentCreatedAt, zone) ?? microsOf(first.createdAt, zone);
  return [{ userId: first.userId ?? "", micros, title: "Untitled", kind: "text", text: "" }];
}

/** By time; a version without one stays behind the one before it. */
function inOrder(versions: readonly ReadVersion[]): ReadVersion[] {
  let last = 0;
  const placed = versions.map((version) => {
    last = version.micros ?? last;
    return { ...version, micros: last };
  });
  return placed.sort((a, b) => a.micros - b.micros);
}

/** What of a version becomes a file; null when the whole version fits into its row. */
export function fileOf(documentId: string, { kind, text, title }: ReadVersion): SourceFile | null {
  const picture = kind === "image" ? pictureFile(text, title) : null;
  if (picture) return picture;
  if (bytesOf(text) <= limits.documentMaxBytes) return null;
  const [ending, mediaType] =
    kind === "sheet"
      ? ["csv", "text/csv"]
      : kind === "text"
        ? ["md", "text/markdown"]
        : ["txt", "text/plain"];
  return overflowFile(`document/${documentId}`, `${title}.${ending}`, mediaType, text);
}
