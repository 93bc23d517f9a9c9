/** The types that can be uploaded, their names and their file extensions. */
import { type FileTypeResult, fileTypeFromBuffer } from "file-type";
import type { UploadType } from "../../../contracts/uploads.ts";
import { AppError } from "../../../errors.ts";
import { endingOf } from "./file-name.ts";
import { cureFor, kindOf } from "./foreign-types.ts";
import { decodeStrictly, hasControls, utf16Of } from "./text-encoding.ts";

/** Number of bytes from which a type is detected. */
export const headBytes = 4_100;

const typeNames: Record<UploadType, string> = {
  "image/jpeg": "a JPEG image",
  "image/png": "a PNG image",
  "image/gif": "a GIF image",
  "image/webp": "a WebP image",
  "application/pdf": "a PDF document",
  "text/plain": "text",
  "text/markdown": "text",
  "text/csv": "text",
  "application/json": "text",
};

/** The usual extension of each type, for a file without a name. */
export const usualEndings: Record<UploadType, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "application/pdf": "pdf",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "application/json": "json",
};

const binaryEndings: Readonly<Record<string, UploadType>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  jpe: "image/jpeg",
  jfif: "image/jpeg",
  png: "image/png",
  apng: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
};

/** Whether an extension fits a picture or PDF. Text files may have any extension. */
export function hasEndingOf(name: string, type: UploadType): boolean {
  return !isBinaryType(type) || binaryEndings[endingOf(name)] === type;
}

const textEndings: Readonly<Record<string, UploadType>> = {
  md: "text/markdown",
  markdown: "text/markdown",
  csv: "text/csv",
  json: "application/json",
};

/** Extensions of text files, which must contain text. */
const claimsText = new Set(
  (
    "txt text md markdown mdx rst tex csv tsv json jsonl ndjson geojson yaml yml toml ini cfg conf " +
    "env log xml sql graphql proto diff patch srt vtt ics " +
    "js mjs cjs jsx ts mts cts tsx vue svelte astro css scss less py rb php pl lua r jl go rs java kt " +
    "kts scala clj cs fs vb c h cc cpp hpp m mm swift dart ex exs erl hs ml zig sh bash zsh fish ps1"
  ).split(" "),
);

/** Extensions of files that are refused, whatever they contain. */
const otherEndings = new Set(
  (
    "svg svgz html htm xhtml xht mht mhtml shtml " +
    "zip gz tgz bz2 xz 7z rar tar jar apk dmg iso exe dll msi com scr bat cmd lnk " +
    "hta wsf wsh sct scf url desktop reg inf msc cpl jnlp vbe jse " +
    "doc docx docm xls xlsx xlsm ppt pptx pptm odt ods odp rtf pages numbers key epub " +
    "bmp tif tiff ico heic heif avif psd ai eps raw " +
    "mp3 wav ogg flac m4a aac mp4 mov avi mkv webm wasm class sqlite db"
  ).split(" "),
);

/** Extensions of source code, where a script at the beginning is no disguise. */
const codeEndings = new Set(["vue", "svelte", "astro", "php", "marko", "riot"]);

/**
 * Detects a file's type from its first bytes and compares it with the declared type.
 *
 * @param head the first {@link headBytes}, or all bytes of a shorter file
 * @param name as sent, cleaned
 * @param declaredType as sent by the client; "" for none
 * @param isWhole whether the file has no more bytes
 * @throws AppError INVALID for a type that is not supported, a file that contradicts its name or
 *   declared type, and a web page or SVG drawing under any name
 */
export async function identify(
  head: Uint8Array,
  name: string,
  declaredType: string,
  isWhole: boolean,
): Promise<UploadType> {
  const ending = endingOf(name);
  const found = await fileTypeFromBuffer(head);
  const type = ownTypeOf(found) ?? typeOfText(textOf(head, found, isWhole), ending);
  if (!type) throw notTaken(name, found);
  if (otherEndings.has(ending)) throw notTaken(name, found);
  const named = binaryEndings[ending];
  // An unknown extension claims nothing.
  if (named ? named !== type : isBinaryType(type) && claimsText.has(ending)) {
    throw mismatch(name, type);
  }
  const declared = declaredType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!named && claimsOther(declared, type)) throw mismatch(name, type);
  return type;
}

/** Whether a type is a text's. */
export function isTextType(type: UploadType): boolean {
  return !isBinaryType(type);
}

function isBinaryType(type: UploadType): boolean {
  return type.startsWith("image/") || type === "application/pdf";
}

/** Only the types of pictures and PDF are a claim, because systems have many names for text. */
function claimsOther(declared: string, type: UploadType): boolean {
  const isClaim = declared.startsWith("image/") || declared === "application/pdf";
  if (isBinaryType(type)) return declared.startsWith("text/") || (isClaim && declared !== type);
  return isClaim;
}

function ownTypeOf(found: FileTypeResult | undefined): UploadType | null {
  switch (found?.mime) {
    case "image/jpeg":
    case "image/png":
    case "image/gif":
    case "image/webp":
    case "application/pdf":
      return found.mime;
    // An animated PNG. Programs that do not know it show the first frame.
    case "image/apng":
      return "image/png";
    default:
      return null;
  }
}

/**
 * The beginning of a text in any encoding; null for a file that is none. Only the whole text tells
 * whether an encoding is supported.
 */
function textOf(
  head: Uint8Array,
  found: FileTypeResult | undefined,
  isWhole: boolean,
): string | null {
  if (head.length === 0) return null;
  const utf16 = utf16Of(head);
  if (utf16) {
    const text = decodeStrictly(head, utf16, isWhole);
    return text === null || hasControls(text) ? null : text;
  }
  if (head.includes(0)) return null;
  const text = decodeStrictly(head, "utf-8", false);
  if (text !== null || (found && !/^text\/|xml$|subrip$/.test(found.mime))) return text;
  const western = decodeStrictly(head, "windows-1252", isWhole);
  return western === null || hasControls(western) ? null : western;
}

/** @throws AppError INVALID for a web page or an SVG drawing */
function typeOfText(text: string | null, ending: string): UploadType | null {
  if (text === null) return null;
  const start = withoutPreamble(text).slice(0, 200).toLowerCase();
  if (/^<svg[\s>]/.test(start) || /^<!doctype\s+svg/.test(start)) {
    throw refusal("SVG files aren’t supported. Save it as PNG and attach that.");
  }
  if (isPage(start, ending)) {
    throw refusal("Web pages aren’t supported. Attach the content as text or PDF.");
  }
  return textEndings[ending] ?? "text/plain";
}

function isPage(start: string, ending: string): boolean {
  if (/^<(!doctype\s+html|html|head|body|title|meta|iframe|object|embed)\b/.test(start))
    return true;
  return /^<script\b/.test(start) && !codeEndings.has(ending);
}

/**
 * The text after leading white space, comments, an XML declaration and style sheet instructions.
 */
function withoutPreamble(text: string): string {
  const preamble =
    /^(?:[\s\ufeff]+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!doctype\s+(?!html|svg)[^>]*>)/i;
  let rest = text;
  for (let match = preamble.exec(rest); match; match = preamble.exec(rest)) {
    rest = rest.slice(match[0].length);
  }
  return rest;
}

function notTaken(name: string, found: FileTypeResult | undefined): AppError {
  const ending = endingOf(name);
  if (!otherEndings.has(ending) && found) {
    const { one, many, cure } = kindOf(found.mime, found.ext);
    const sentence = `${many} aren’t supported. ${cure}`;
    return refusal(ending === "" ? sentence : `“${name}” is actually ${one}. ${sentence}`);
  }
  if (claimsText.has(ending)) {
    return refusal(
      `“${name}” doesn’t contain text. Binary files aren’t supported. If it is a text, save it with UTF-8 encoding and try again.`,
    );
  }
  const what = ending === "" ? "Files of this type" : `.${ending} files`;
  return refusal(`${what} aren’t supported. ${cureFor(ending)}`);
}

function mismatch(name: string, type: UploadType): AppError {
  return refusal(`“${name}” is actually ${typeNames[type]}. Rename it with the right extension.`);
}

/** The error for a file of an unsupported type. */
export function refusal(message: string): AppError {
  return new AppError("INVALID", message, { fields: { file: message } });
}
