/** The rows that a document of the source should have. */
import { hash } from "node:crypto";
import type { RawGroup, RawRow } from "../../model.ts";
import type { ComparedRow } from "../compare/compared-row.ts";
import { overflowForm } from "../stored/stored-form.ts";
import { byRule, type ExpectContext, expectedRow } from "./context.ts";
import { idHere, uploadIdFor } from "./derived-id.ts";
import { beginningOf, isYes, storable, titleFrom } from "./text-values.ts";
import { readMicros, toMs } from "./times.ts";

export type DocumentGroup = Extract<RawGroup, { kind: "document" }>;

interface Version {
  readonly userId: string;
  readonly micros: number;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

const kinds: ReadonlySet<string> = new Set(["text", "code", "image", "sheet"]);

/** The rows of a document, its versions and its suggestions. Rows of several users are several documents. */
export function expectDocument(
  group: DocumentGroup,
  context: ExpectContext,
): readonly ComparedRow[] {
  const id = idHere(group.id, "document");
  const byUser = Map.groupBy(readVersions(group, context), ({ userId }) => userId);
  const documents = [...byUser].map(([userId, versions]) => ({ id, userId, versions }));
  return [
    ...documents.flatMap((document) => expectVersions(document, context)),
    ...expectSuggestions(group.suggestions, documents, context),
  ];
}

/** In the order of time; a version without one stays behind the one before it. */
function readVersions(
  { versions, suggestions }: DocumentGroup,
  context: Pick<ExpectContext, "shape" | "zone">,
) {
  let last = 0;
  const read = versions.map((row): Version => {
    last = readMicros(row.createdAt, context.zone) ?? last;
    const kind = row[context.shape.documentKindColumn ?? ""] ?? "text";
    return {
      ...{ userId: row.userId ?? "", micros: last, kind: kinds.has(kind) ? kind : "text" },
      ...{ title: titleFrom(row.title), text: storable(row.content ?? "") },
    };
  });
  const [first] = suggestions;
  if (read.length === 0 && first) read.push(emptyVersion(first, context.zone));
  return read.sort((a, b) => a.micros - b.micros);
}

/** Suggestions of a document that does not exist belong to an empty one. */
function emptyVersion(row: RawRow, zone: string): Version {
  const micros = readMicros(row.documentCreatedAt, zone) ?? readMicros(row.createdAt, zone) ?? 0;
  return { userId: row.userId ?? "", micros, kind: "text", title: "Untitled", text: "" };
}

interface UserDocument {
  readonly id: string;
  readonly userId: string;
  readonly versions: readonly Version[];
}

function expectVersions({ id, userId, versions }: UserDocument, context: ExpectContext) {
  const [first] = versions;
  const last = versions.at(-1);
  if (!first || !last) return [];
  const rows = versions.flatMap((version, index) => {
    const number = index + 1;
    const { content, uploadId } = contentOf(id, userId, version, context);
    const time = toMs(version.micros);
    const row = expectedRow("documentVersions", id, {
      ...{ userId, documentId: id, version: number, number, author: byRule, status: "complete" },
      ...{ messageId: byRule, content, contentHash: byRule, startedAt: time, createdAt: time },
    });
    if (uploadId === null) return [row];
    const file = { userId, documentId: id, version: number, uploadId };
    return last.kind === "image" ? [row, expectedRow("documentFiles", id, file)] : [row];
  });
  const document = expectedRow("documents", id, {
    ...{ userId, id, chatId: byRule, kind: last.kind, title: last.title },
    ...{ language: languageOf(last), version: versions.length },
    ...{ createdAt: toMs(first.micros), updatedAt: toMs(last.micros) },
  });
  return [document, ...rows];
}

/** A text above this many bytes is a file, and the version has its beginning. */
const textMaxBytes = 1_500_000;

function contentOf(
  id: string,
  userId: string,
  { kind, title, text }: Version,
  { uploads }: ExpectContext,
): { readonly content: string; readonly uploadId: string | null } {
  const address = kind === "image" ? pictureAddress(text) : null;
  if (address !== null) {
    const uploadId = uploadIdFor(userId, address);
    const upload = uploads.get(`${userId} ${uploadId}`);
    const isPicture = upload?.width && upload.height && /^image\//.test(upload.mediaType ?? "");
    if (upload && isPicture) {
      const { mediaType, width, height } = upload;
      const url = `/files/${uploadId}`;
      const picture = { url, mediaType, width, height, prompts: [beginningOf(title, 8_000)] };
      return { content: JSON.stringify(picture), uploadId };
    }
  }
  if (Buffer.byteLength(text) <= textMaxBytes) return { content: text, uploadId: null };
  return { content: overflowForm(text, placeOfText(id, userId, text, uploads)), uploadId: null };
}

/** Where all of a text is, as its version says; what is wrong where its file is another. */
function placeOfText(
  id: string,
  userId: string,
  text: string,
  uploads: ExpectContext["uploads"],
): string {
  const uploadId = uploadIdFor(userId, overflowAddress(id, text));
  const upload = uploads.get(`${userId} ${uploadId}`);
  const isWhole = upload?.sha256 === hash("sha256", text, "hex");
  if (!isWhole) return `a file with the SHA-256 ${hash("sha256", text, "hex")}`;
  return `It is in your files as “${upload.name}”: /files/${uploadId}`;
}

/** The name under which the import keeps a text that is too large. */
function overflowAddress(id: string, text: string): string {
  return `overflow:document/${id}/${hash("sha256", text, "hex").slice(0, 32)}`;
}

/** The files that versions become: their addresses, and the times of the versions. */
export function filesOfDocument(
  group: DocumentGroup,
  context: Pick<ExpectContext, "shape" | "zone">,
): readonly { readonly userId: string; readonly url: string; readonly createdAt: number }[] {
  const id = idHere(group.id, "document");
  return readVersions(group, context).flatMap(({ userId, kind, text, micros }) => {
    const createdAt = toMs(micros);
    const picture = kind === "image" ? pictureAddress(text) : null;
    if (picture !== null) return [{ userId, url: picture, createdAt }];
    const isLarge = Buffer.byteLength(text) > textMaxBytes;
    return isLarge ? [{ userId, url: overflowAddress(id, text), createdAt }] : [];
  });
}

/** How the base64 of a picture's first bytes begins. */
const signatures = {
  iVBORw0KGgo: "image/png",
  "/9j/": "image/jpeg",
  R0lGOD: "image/gif",
  UklGR: "image/webp",
};

/** The address of a picture that a version's content is; null for any other content. */
export function pictureAddress(content: string): string | null {
  const text = content.trim();
  if (/\s/.test(text)) return null;
  if (/^(data:image\/|https?:\/\/)/i.test(text)) return URL.canParse(text) ? text : null;
  const type = Object.entries(signatures).find(([start]) => text.startsWith(start))?.[1];
  const isBase64 = type !== undefined && /^[\w+/-]+={0,2}$/.test(text);
  return isBase64 ? `data:${type};base64,${text}` : null;
}

const languages: Readonly<Record<string, string>> = {
  ...{ c: "c", cpp: "c++", css: "css", go: "go", html: "html", java: "java", js: "javascript" },
  ...{ json: "json", kt: "kotlin", php: "php", py: "python", rb: "ruby", rs: "rust", sh: "bash" },
  ...{ sql: "sql", svg: "svg", swift: "swift", ts: "typescript" },
};

/** The template let its model write Python, unless the title says otherwise. */
function languageOf({ kind, title }: Version): string | null {
  if (kind !== "code") return null;
  const ending = /\.([a-z\d]+)$/i.exec(title.trim())?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(languages, ending) ? (languages[ending] ?? null) : "python";
}

const reasonMax = 1_000;
const openMax = 50;

function expectSuggestions(
  rows: readonly RawRow[],
  documents: readonly UserDocument[],
  context: ExpectContext,
): readonly ComparedRow[] {
  const expected = rows.flatMap((row) => {
    const place = placeOf(row, documents, context.zone);
    return place ? [expectSuggestion(row, place, context)] : [];
  });
  return closeOldest(expected);
}

interface Place {
  readonly document: UserDocument;
  readonly index: number;
}

/** The version of the time that a suggestion names; otherwise the last one before it. */
function placeOf(row: RawRow, documents: readonly UserDocument[], zone: string): Place | null {
  const micros = readMicros(row.documentCreatedAt, zone);
  for (const document of documents) {
    const index = document.versions.findIndex((version) => version.micros === micros);
    if (index >= 0) return { document, index };
  }
  const document = documents.find(({ userId }) => userId === row.userId) ?? documents[0];
  if (!document) return null;
  const until = micros ?? Number.POSITIVE_INFINITY;
  const before = document.versions.findLastIndex((version) => version.micros <= until);
  return { document, index: Math.max(before, 0) };
}

function expectSuggestion(row: RawRow, { document, index }: Place, context: ExpectContext) {
  const { id: documentId, userId, versions } = document;
  const version = versions[index];
  const original = storable(row.originalText ?? "");
  const proposed = storable(row.suggestedText ?? "");
  const start = version ? version.text.indexOf(original) : -1;
  const kind = versions.at(-1)?.kind;
  const canShow = kind === "text" || kind === "code";
  const fits = original !== "" && original.length <= 4_000 && proposed.length <= 8_000;
  const isOpen = canShow && start >= 0 && fits;
  return expectedRow("suggestions", documentId, {
    ...{ userId, documentId, id: idHere(row.id ?? "", "suggestion"), version: index + 1 },
    ...{ original, start: Math.max(start, 0), proposed },
    reason: beginningOf(storable(row.description ?? ""), reasonMax),
    state: isYes(row.isResolved) ? "accepted" : isOpen ? "open" : "rejected",
    createdAt: toMs(readMicros(row.createdAt, context.zone) ?? version?.micros ?? 0),
  });
}

/** Of each user's document, the newest ones stay open. */
function closeOldest(rows: readonly ComparedRow[]): readonly ComparedRow[] {
  const open = rows.filter(({ values }) => values.state === "open");
  const closed = new Set<ComparedRow>();
  for (const its of Map.groupBy(open, ({ values }) => values.userId).values()) {
    const newest = its.sort((a, b) => Number(b.values.createdAt) - Number(a.values.createdAt));
    for (const row of newest.slice(openMax)) closed.add(row);
  }
  return rows.map((row) => {
    return closed.has(row) ? { ...row, values: { ...row.values, state: "rejected" } } : row;
  });
}
