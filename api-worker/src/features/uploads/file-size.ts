import type { UploadLimits } from "../limits/limits-of.ts";

/** What a form adds to a file: a thumbnail, names and boundaries. */
const formAddsBytes = 500_000;

/** The most that the form of an upload can have. */
export function formMaxBytes({ pictureMaxBytes, fileMaxBytes }: UploadLimits): number {
  return Math.max(pictureMaxBytes, fileMaxBytes) + formAddsBytes;
}
