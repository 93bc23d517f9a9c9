/** Pictures as documents: the template stored their bytes, in base64, as the content. */
import { cutText } from "../../../src/contracts/cut-text.ts";
import { parsePicture, pictureContent } from "../../../src/contracts/pictures.ts";
import { fileAddress, isPictureType } from "../../../src/contracts/uploads.ts";
import type { FileOutcome } from "../../model.ts";
import { SourceFile } from "../messages/drafts.ts";

/** How the base64 of each type's first bytes begins. */
const beginnings = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
] as const;

const promptMaxLength = 8_000;

/** The file of a picture's content; null for content that is none. */
export function pictureFile(content: string, title: string): SourceFile | null {
  const text = content.trim();
  const isAddress = /^data:image\/|^https?:\/\//i.test(text) && !/\s/.test(text);
  if (isAddress && URL.canParse(text)) {
    return new SourceFile({ url: text, name: title, mediaType: null });
  }
  const mediaType = beginnings.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (!mediaType || !/^[\w+/-]+={0,2}$/.test(text)) return null;
  return new SourceFile({ url: `data:${mediaType};base64,${text}`, name: title, mediaType });
}

/** The content of a version that shows a stored picture; null for a file that is no picture. */
export function storedPicture(outcome: FileOutcome, title: string): string | null {
  if (outcome.state !== "stored" || !isPictureType(outcome.mediaType)) return null;
  const { width, height } = outcome.upload;
  if (typeof width !== "number" || typeof height !== "number") return null;
  const content = pictureContent({
    ...{ url: fileAddress(outcome.uploadId), mediaType: outcome.mediaType, width, height },
    // The title was the prompt.
    prompts: [cutText(title, promptMaxLength)],
  });
  return parsePicture(content) ? content : null;
}
