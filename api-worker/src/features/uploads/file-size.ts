import type { UploadLimits } from "../limits/limits-of.ts";

const mebibyte = 1024 * 1024;

/** What a form adds to a file: a thumbnail, names and boundaries. */
const formAddsBytes = 500_000;

/** The most that the form of an upload can have. */
export function formMaxBytes({ pictureMaxBytes, fileMaxBytes }: UploadLimits): number {
  return Math.max(pictureMaxBytes, fileMaxBytes) + formAddsBytes;
}

/** A size for people: "5 MB". */
export function sizeText(bytes: number): string {
  const megabytes = bytes / mebibyte;
  if (megabytes >= 1) return `${Number(megabytes.toFixed(1))} MB`;
  return bytes >= 1_024 ? `${Math.round(bytes / 1_024)} KB` : `${bytes} bytes`;
}
