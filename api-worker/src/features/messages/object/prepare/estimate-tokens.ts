/** Estimates of tokens, for what a provider has not counted, or not yet. */

import { bytesPerToken } from "../../../limits/site/site-ledger.ts";
import { fileBudget } from "../../../uploads/model/file-budget.ts";

export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const noTokens: Tokens = { inputTokens: 0, outputTokens: 0 };

/** A picture that a model sees, or draws. */
export const pictureTokens = 1_500;
/** A page of a PDF is about 260 tokens, and few have less than 25 kB. */
const pdfBytesPerToken = 100;

/** A file as a model gets it. */
export interface SentFile {
  readonly mediaType: string;
  readonly bytes: number;
}

/** The tokens of all files of a request. Each counts as far as {@link fileBudget} lets it through. */
export function tokensOfFiles(files: readonly SentFile[]): number {
  let pictures = 0;
  let pdfBytes = 0;
  let textLength = 0;
  for (const { mediaType, bytes } of files) {
    if (mediaType.startsWith("image/")) pictures += 1;
    else if (mediaType === "application/pdf") pdfBytes += bytes;
    else textLength += Math.min(bytes, fileBudget.textLength);
  }
  return (
    pictures * pictureTokens +
    Math.ceil(Math.min(pdfBytes, fileBudget.bytes) / pdfBytesPerToken) +
    tokensOfLength(Math.min(textLength, fileBudget.allTextLength))
  );
}

export function tokensOfLength(length: number): number {
  return Math.ceil(length / bytesPerToken);
}

/** The tokens of what a model is sent: its instructions and messages with their files, and its tools. */
export function tokensOfPrompt(...sent: readonly unknown[]): number {
  let length = 0;
  const files: SentFile[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") length += value.length;
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isFile(value)) files.push({ mediaType: value.mediaType, bytes: bytesOf(value.data) });
    else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      for (const [key, held] of Object.entries(value)) if (key !== "providerOptions") visit(held);
    }
  };
  visit(sent);
  return tokensOfLength(length) + tokensOfFiles(files);
}

interface PromptFile {
  readonly mediaType: string;
  readonly data: unknown;
}

function isFile(value: unknown): value is PromptFile {
  const isObject = typeof value === "object" && value !== null;
  return isObject && "mediaType" in value && "data" in value && typeof value.mediaType === "string";
}

/** @param data bytes, or base64, or either one in an object of the AI SDK */
function bytesOf(data: unknown): number {
  if (typeof data === "string") return Math.ceil((data.length * 3) / 4);
  if (ArrayBuffer.isView(data)) return data.byteLength;
  const isHolder = typeof data === "object" && data !== null;
  if (isHolder && "data" in data) return bytesOf(data.data);
  return isHolder && "text" in data && typeof data.text === "string" ? data.text.length : 0;
}
