/** Files of messages, of every age. */

import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import { fileAddress, isPictureType } from "../../../src/contracts/uploads.ts";
import { cleanFileName } from "../../../src/features/uploads/receive/file-name.ts";
import type { FileOutcome, Value } from "../../model.ts";
import type { Note } from "../context.ts";
import { isRecord } from "../values.ts";
import { keptFields, otherFields, SourceFile } from "./drafts.ts";

/**
 * Reads a file: a part `file` or `image`, or an attachment. Each age has other names for its fields.
 *
 * @returns null for a file whose address leads nowhere
 */
export function readFile(raw: Readonly<Record<string, unknown>>): SourceFile | null {
  const mediaType = firstText(raw.mediaType, raw.mimeType, raw.contentType);
  const url =
    addressIn(raw.url) ?? contentOf(raw.data ?? raw.image, mediaType, raw.type === "image");
  if (url === null) return null;
  return new SourceFile({ url, name: firstText(raw.filename, raw.name) ?? "", mediaType });
}

const fileFields = [
  ...["mediaType", "mimeType", "contentType", "url", "data", "image", "filename", "name"],
];

/** What else a part or an attachment says that {@link readFile} has read. */
export function otherFileFields(
  raw: Readonly<Record<string, unknown>>,
  note: Note,
): readonly MessagePart[] {
  const type = typeof raw.type === "string" ? raw.type : "attachment";
  return keptFields(type, otherFields(raw, fileFields), note);
}

function firstText(...values: readonly unknown[]): string | null {
  return (
    (values.find((value) => typeof value === "string" && value !== "") as string | null) ?? null
  );
}

/** An address that leads to a file; null for any other value. */
function addressIn(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  if (/^data:/i.test(text)) return text;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}

/** The address of content, which can be one already; otherwise it is made from the bytes. */
function contentOf(content: unknown, mediaType: string | null, isImage: boolean): string | null {
  const type = mediaType ?? (isImage ? "image/png" : "application/octet-stream");
  if (isRecord(content) && Array.isArray(content.data)) {
    const bytes = content.data.filter((byte) => Number.isInteger(byte));
    return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
  }
  if (typeof content !== "string") return null;
  const text = content.trim();
  const isBase64 = /^[\w+/\s-]+={0,2}$/.test(text);
  return addressIn(text) ?? (isBase64 ? `data:${type};base64,${text}` : null);
}

/** The part of a message that shows a file, or says what became of it. */
export function resolveFile(
  file: SourceFile,
  outcome: FileOutcome | undefined,
  note: Note,
): MessagePart {
  if (outcome?.state === "stored") return storedFile(file, outcome);
  const filename = cleanFileName(file.name || nameIn(file.url), "File");
  const reason = (outcome?.reason ?? "It was not copied.").slice(0, 500);
  const code =
    outcome?.state === "missing"
      ? "file-missing"
      : outcome?.state === "left"
        ? "file-left"
        : "file-failed";
  note(code, `“${filename}” is not stored here: ${reason}`);
  const url = /^https?:/i.test(file.url) ? (URL.parse(file.url)?.href ?? null) : null;
  const mediaType = file.mediaType?.slice(0, 200) ?? null;
  return { type: "data-foreign-file", data: { filename, mediaType, url, reason } };
}

function storedFile(
  file: SourceFile,
  { uploadId, mediaType, name, upload }: Extract<FileOutcome, { state: "stored" }>,
): MessagePart {
  const { bytes, width, height } = upload;
  const hasSize = isPictureType(mediaType) && isNumber(width) && isNumber(height);
  const alleato = { bytes: isNumber(bytes) ? bytes : 0, ...(hasSize && { width, height }) };
  const filename = cleanFileName(file.name || name, "File");
  const url = fileAddress(uploadId);
  return { type: "file", url, mediaType, filename, providerMetadata: { alleato } };
}

function isNumber(value: Value | undefined): value is number {
  return typeof value === "number";
}

/** The last name in the path of an address; "" for none. */
export function nameIn(url: string): string {
  const path = /^https?:/i.test(url) ? (URL.parse(url)?.pathname ?? "") : "";
  const name = path.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
