import type { UploadOutput } from "api-worker/contracts";
import { isPictureType, uploadIdOf, uploadTypes } from "api-worker/contracts/uploads";
import { readKept, writeKept } from "../../../lib/draft.ts";

const prefix = "draft-files:";

/** Reads the uploaded files of a chat's draft from this browser. */
export function readDraftFiles(chatId: string): UploadOutput[] {
  try {
    const value: unknown = JSON.parse(readKept(prefix + chatId) ?? "[]");
    return Array.isArray(value) ? value.filter(isUpload) : [];
  } catch {
    return [];
  }
}

/** Stores the uploaded files of a draft, or removes an empty list. */
export function writeDraftFiles(chatId: string, uploads: readonly UploadOutput[]): void {
  writeKept(prefix + chatId, uploads.length === 0 ? null : JSON.stringify(uploads));
}

/** Whether a stored value is an upload; another version of the app may have written it. */
function isUpload(value: unknown): value is UploadOutput {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, mediaType, bytes, width, height } = value as Record<string, unknown>;
  const isSize = (side: unknown) => side === null || typeof side === "number";
  return (
    typeof id === "string" &&
    uploadIdOf(`/files/${id}`) !== null &&
    typeof name === "string" &&
    typeof mediaType === "string" &&
    (isPictureType(mediaType) || (uploadTypes as readonly string[]).includes(mediaType)) &&
    typeof bytes === "number" &&
    isSize(width) &&
    isSize(height)
  );
}
