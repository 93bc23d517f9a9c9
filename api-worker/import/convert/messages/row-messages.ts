/** Reads the messages of a chat from each place where a state of the template has them. */
import type { RawRow } from "../../model.ts";
import type { Findings, Note } from "../context.ts";
import { microsOf } from "../time.ts";
import { isRecord, type ReadJson, readJson } from "../values.ts";
import { type Draft, type DraftMessage, legacyPart } from "./drafts.ts";
import { filesOf, type LooseMessage, otherRole, readLooseMessages } from "./loose-messages.ts";
import { readParts } from "./read-part.ts";

interface Place {
  readonly zone: string;
  readonly findings: Findings;
}

/** Rows of `Message_v2`, in order. */
export function readRows(rows: readonly RawRow[], place: Place): DraftMessage[] {
  const ranked = rows.map((row) => ({
    row,
    micros: microsOf(row.createdAt, place.zone),
    rank: row.role === "user" ? 0 : 1,
  }));
  return inOrder(ranked).map(({ row, micros }): DraftMessage => {
    const id = row.id ?? "";
    const note = place.findings.of("Message_v2", id);
    const role = row.role === "user" ? "user" : "assistant";
    return { table: "Message_v2", sourceIds: [id], role, micros, drafts: readRow(row, note) };
  });
}

function readRow(row: RawRow, note: Note): Draft[] {
  const parts = readJson(row.parts);
  const attachments = readJson(row.attachments);
  noteMending([parts, attachments], note);
  const role = row.role ?? "";
  if (role !== "user" && role !== "assistant") {
    const fields = { role, parts: plain(parts), attachments: plain(attachments) };
    return otherRole(role, fields, note);
  }
  const drafts = readColumn(parts, note);
  const files =
    "raw" in attachments
      ? [legacyPart("attachments", attachments.raw, note)]
      : filesOf(attachments.value, drafts, note);
  return [...files, ...drafts];
}

function plain(read: ReadJson): unknown {
  return "raw" in read ? read.raw : read.value;
}

function readColumn(read: ReadJson, note: Note): Draft[] {
  if ("raw" in read) return [legacyPart("parts", read.raw, note)];
  const { value } = read;
  const list = Array.isArray(value) ? value : value === null ? [] : [value];
  return readParts(list, note);
}

function noteMending(read: readonly ReadJson[], note: Note): void {
  if (!read.some((one) => "isMended" in one && one.isMended)) return;
  note("text-mended", "It had NUL characters or halves of characters, which can’t be stored.");
}

/** Rows of `Message`, in order, with each answer as one message. */
export function readOldRows(rows: readonly RawRow[], { zone, findings }: Place): DraftMessage[] {
  const ranked = rows.map((row) => {
    const content = readJson(row.content);
    noteMending([content], findings.of("Message", row.id ?? ""));
    const message: LooseMessage = {
      ...{ table: "Message", id: row.id ?? "", role: row.role ?? "" },
      micros: microsOf(row.createdAt, zone),
      fields: { content: "raw" in content ? { type: "content", raw: content.raw } : content.value },
    };
    return { message, micros: message.micros, rank: rankOf(message) };
  });
  const messages = inOrder(ranked).map(({ message }) => message);
  return readLooseMessages(messages, true, ({ id }) => findings.of("Message", id));
}

/**
 * The order of rows of one time: the question was written before its answer, and of the answer the
 * calls, their results and the last text, as the template's own conversion had it.
 */
function rankOf({ role, fields }: LooseMessage): number {
  if (role === "user") return 0;
  const { content } = fields;
  const has = (type: string) =>
    Array.isArray(content) && content.some((piece) => isRecord(piece) && piece.type === type);
  if (role === "assistant" && has("tool-call")) return 1;
  return role === "tool" && has("tool-result") ? 2 : 3;
}

/** Sorts by time and then by rank. Rows that are equal in both, and rows without a time, stay in their order. */
function inOrder<Ranked extends { readonly micros: number | null; readonly rank: number }>(
  rows: readonly Ranked[],
): Ranked[] {
  let last = 0;
  const placed = rows.map((row) => {
    last = row.micros ?? last;
    return { row, micros: last };
  });
  return placed
    .sort((a, b) => a.micros - b.micros || a.row.rank - b.row.rank)
    .map(({ row }) => row);
}

/** The messages in `Chat.messages`, in their order. */
export function readInlineMessages(
  chatId: string,
  text: string | null | undefined,
  { zone, findings }: Place,
): DraftMessage[] {
  const note = findings.of("Chat", chatId);
  const read = readJson(text);
  noteMending([read], note);
  if ("raw" in read) return [wholeAsLegacy(chatId, read.raw, note)];
  const value = withoutEnvelope(read.value);
  if (value === null || value === "") return [];
  const list = Array.isArray(value) ? value : [value];
  const messages = list.map((raw, index) => inlineMessage(raw, index, zone));
  const isCore = messages.some(
    ({ role, fields }) => role === "tool" || Array.isArray(fields.content),
  );
  return readLooseMessages(messages, isCore, () => note);
}

/** The first state wrote JSON into JSON. */
function withoutEnvelope(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const inner = readJson(value);
  return "raw" in inner ? value : inner.value;
}

function inlineMessage(raw: unknown, index: number, zone: string): LooseMessage {
  const fields = isRecord(raw) ? raw : { content: raw };
  const { id, role, createdAt } = fields;
  return {
    table: "Chat",
    id: typeof id === "string" && id !== "" ? id : `#${index}`,
    role: typeof role === "string" ? role : "",
    micros: inlineTime(createdAt, zone),
    fields,
  };
}

function inlineTime(value: unknown, zone: string): number | null {
  const isMs = typeof value === "number" && value >= 0 && value <= 8_640_000_000_000_000;
  if (isMs) return Math.floor(value) * 1_000;
  return typeof value === "string" ? microsOf(value, zone) : null;
}

function wholeAsLegacy(chatId: string, raw: string, note: Note): DraftMessage {
  const drafts = [legacyPart("messages", raw, note)];
  return { table: "Chat", sourceIds: [`#${chatId}`], role: "assistant", micros: null, drafts };
}
