import type { ContentDb } from "db";
import { z } from "zod";
import type { OwnerContext } from "../../../context.ts";
import type { ChatExportOutput, chatExportInput } from "../../../contracts/transfer.ts";
import { notFound } from "../../../errors.ts";
import { decodeCursor, encodeCursor } from "../../../platform/cursor.ts";
import { listDocumentVersions } from "../documents/list-versions.ts";
import { findChatHead, listTree, type TreeRow } from "../queries.ts";
import { fileNameOf, jsonFile, mediaTypes } from "./export-file.ts";
import { ExportReads } from "./export-reads.ts";

/** A piece ends with the message that takes it past this many characters. */
const pieceLength = 1_000_000;
/** Messages read in one query. Each may have almost a megabyte. */
const readSize = 40;

/**
 * The end of a piece: after a message or a document's version of a chat, or with nulls at the end of
 * the chat. JSON names the message by its time and id, Markdown by its depth above the shown leaf.
 */
const cursorSchema = z.tuple([
  z.string().max(100),
  z.int().nullable(),
  z.string().max(200).nullable(),
]);
type Place = z.infer<typeof cursorSchema>;

type Format = "json" | "markdown";

interface Export {
  readonly content: ContentDb;
  readonly userId: string;
  readonly chatId: string | undefined;
  readonly format: Format;
  readonly reads: ExportReads;
}

/**
 * Exports one piece of a file with one of the owner's chats, or with all of them and, as JSON, the
 * documents that were made by hand. No piece is much longer than a megabyte, nor does it take more
 * statements than the platform allows an invocation: many chats with documents take more pieces.
 *
 * @throws AppError NOT_FOUND; INVALID for a cursor of another origin
 */
export async function exportChats(
  { content, userId }: OwnerContext,
  { chatId, format, cursor }: z.infer<typeof chatExportInput>,
): Promise<ChatExportOutput> {
  const reads = new ExportReads({ content, userId, chatId });
  const file: Export = { content, userId, chatId, format, reads };
  const only = chatId === undefined ? null : await findChatHead(content, { ...file, chatId });
  if (only === undefined) throw notFound("chat");
  const { text, place } = await writePiece(
    file,
    cursor == null ? null : decodeCursor(cursorSchema, cursor),
  );
  return {
    fileName: fileNameOf(only?.title ?? null, format),
    mediaType: mediaTypes[format],
    text,
    nextCursor: place && encodeCursor(place),
  };
}

/** @returns the text, and its end; a null end at the end of the file */
async function writePiece(
  file: Export,
  start: Place | null,
): Promise<{ text: string; place: Place | null }> {
  let text = start === null && file.format === "json" ? jsonFile.begin : "";
  let place = start;
  while (text.length < pieceLength && file.reads.canGoOn) {
    const step = isInChat(place) ? await writeMessages(file, place) : await beginChat(file, place);
    text += step.text;
    place = step.place;
    if (place === null) break;
  }
  return { text, place };
}

type Step = { readonly text: string; readonly place: Place | null };

function isInChat(place: Place | null): place is Place {
  return place !== null && place[1] !== null;
}

/** Imported late, because it needs a Markdown parser, which the worker does not need at its start. */
const importMarkdownFile = async () => (await import("./export-markdown.ts")).markdownFile;

/** Reads the head of the next chat; null at the end of the file. */
async function beginChat(file: Export, before: Place | null): Promise<Step> {
  const next = await file.reads.nextChat(before?.[0] ?? null);
  if (!next) return endChats(file);
  const { head } = next;
  const isFirst = before === null;
  if (file.format === "json") {
    return { text: jsonFile.beginChat(head, isFirst), place: [head.id, -1, ""] };
  }
  const markdownFile = await importMarkdownFile();
  const leafId = head.currentMessageId ?? "";
  return {
    text: markdownFile.beginChat(head, isFirst),
    place: [head.id, Number.MAX_SAFE_INTEGER, leafId],
  };
}

/** The end of a file, or the documents that were made by hand, which a file of everything has. */
function endChats(file: Export): Step | Promise<Step> {
  if (file.format === "markdown") return { text: "", place: null };
  if (file.chatId !== undefined) return { text: jsonFile.end, place: null };
  return writeVersions(file, [noChat, 0, documentMark]);
}

/** Reads the next messages of the chat, and its end after the last one. */
async function writeMessages(file: Export, [chatId, position, id]: Place): Promise<Step> {
  const key = { userId: file.userId, chatId };
  const from = position ?? 0;
  if (file.format === "markdown") {
    const { writeBranch } = await import("../documents/markdown-branch.ts");
    const branch = await writeBranch(file, key, { depth: from, mark: id ?? "" });
    const { depth = null, mark = null } = branch.place ?? {};
    return { text: branch.text, place: [chatId, depth, mark] };
  }
  if (id?.startsWith(documentMark)) return writeVersions(file, [chatId, position, id]);
  const isFirst = from < 0;
  const whole = isFirst ? file.reads.treeOf(chatId) : undefined;
  const rows = whole ?? (await readTree(file, key, isFirst ? null : { createdAt: from, id }));
  const text = rows.map((row, index) => jsonFile.message(row, isFirst && index === 0)).join("");
  const last = rows.at(-1);
  if (!whole && last && rows.length === readSize) {
    return { text, place: [chatId, last.createdAt, last.id] };
  }
  if (!file.reads.mayHaveDocuments(chatId)) {
    return { text: text + jsonFile.endChat, place: [chatId, null, null] };
  }
  const documents = await writeVersions(file, [chatId, 0, documentMark]);
  return { text: text + documents.text, place: documents.place };
}

/** @param after the last message that was written; null for none */
function readTree(
  { content, reads }: Export,
  key: { readonly userId: string; readonly chatId: string },
  after: { readonly createdAt: number; readonly id: string | null } | null,
): Promise<TreeRow[]> {
  reads.count();
  return listTree(content, key, after && { ...after, id: after.id ?? "" }, readSize);
}

/** Precedes the id of a document in a place among the versions of documents. */
const documentMark = "document/";
/** In place of a chat's id, for the documents that were made by hand. */
const noChat = "";

/**
 * Reads the next versions of a chat's documents, and the end of the chat after the last one; or of
 * the documents without a chat, and the end of the file.
 */
async function writeVersions(file: Export, [chatId, position, id]: Place): Promise<Step> {
  const documentId = (id ?? "").slice(documentMark.length);
  const after = { documentId, version: position ?? 0 };
  const hasChat = chatId !== noChat;
  const key = { userId: file.userId, chatId: hasChat ? chatId : null };
  file.reads.count();
  const rows = await listDocumentVersions(file.content, key, after, null);
  const isFirst = documentId === "";
  const last = rows.at(-1);
  if (!last && !hasChat) {
    return { text: isFirst ? jsonFile.end : jsonFile.endWithDocuments, place: null };
  }
  if (!last) {
    const text = isFirst ? jsonFile.endChat : jsonFile.endDocuments;
    return { text, place: [chatId, null, null] };
  }
  const texts = rows.map((row, index) =>
    jsonFile.version(row, rows[index - 1]?.documentId ?? (isFirst ? null : documentId)),
  );
  return {
    text: (isFirst ? jsonFile.beginDocuments : "") + texts.join(""),
    place: [chatId, last.version, documentMark + last.documentId],
  };
}
