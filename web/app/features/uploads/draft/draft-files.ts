import type { UploadOutput } from "api-worker/contracts";
import { isPictureType, uploadIdOf, uploadTypes } from "api-worker/contracts/uploads";

const prefix = "alleato:draft-files:";

/**
 * The files of an unsent message that are uploaded, kept in this browser.
 *
 * @param chatId null for the chat that is not begun yet
 */
export function readDraftFiles(chatId: string | null): UploadOutput[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(chatId)) ?? "[]");
    return Array.isArray(value) ? value.filter(isUpload) : [];
  } catch {
    return [];
  }
}

/** Keeps them; none are forgotten. Storage that is full or forbidden only loses the draft. */
export function writeDraftFiles(chatId: string | null, uploads: readonly UploadOutput[]): void {
  try {
    if (uploads.length === 0) localStorage.removeItem(keyOf(chatId));
    else localStorage.setItem(keyOf(chatId), JSON.stringify(uploads));
  } catch {
    // Private mode, or no space left.
  }
}

function keyOf(chatId: string | null): string {
  return prefix + (chatId ?? "new");
}

/** Whether it is what we wrote; another version of the app may have written it. */
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
