import type { UploadOutput } from "api-worker/contracts";
import { type FileFacts, fileAddress, uploadIdOf } from "api-worker/contracts/uploads";
import type { FilePart } from "../message.ts";

/**
 * Makes the part of an upload as the worker will store it, for a message that is shown before it is
 * sent.
 */
export function toFilePart(upload: UploadOutput): FilePart {
  const facts: FileFacts = {
    bytes: upload.bytes,
    ...(upload.width !== null && { width: upload.width }),
    ...(upload.height !== null && { height: upload.height }),
    ...(upload.hasThumbnail && { hasThumbnail: true }),
  };
  return {
    type: "file",
    url: fileAddress(upload.id),
    mediaType: upload.mediaType,
    filename: upload.name,
    providerMetadata: { alleato: { ...facts } },
  };
}

/** A file of a message, with what is displayed. */
export interface ShownFile {
  readonly url: string;
  readonly name: string;
  readonly mediaType: string;
  readonly isPicture: boolean;
  /** null for a file that is not an upload. */
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Address of the thumbnail. */
  readonly thumbnailUrl: string;
}

/** Reads a stored part. A part from an import may have only an address. */
export function readFilePart(part: FilePart): ShownFile {
  const facts = part.providerMetadata?.alleato ?? {};
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const isOurs = uploadIdOf(part.url) !== null;
  return {
    url: part.url,
    name: part.filename ?? "File",
    mediaType: part.mediaType,
    // Loading a picture from another site would tell that site who views it.
    isPicture: part.mediaType.startsWith("image/") && (isOurs || part.url.startsWith("data:")),
    bytes: number(facts.bytes),
    width: number(facts.width),
    height: number(facts.height),
    thumbnailUrl: isOurs && facts.hasThumbnail ? `${part.url}?size=thumbnail` : part.url,
  };
}

/** Restores the upload of an unsent part, for the composer. */
export function toUpload(part: FilePart): UploadOutput | null {
  const id = uploadIdOf(part.url);
  if (id === null) return null;
  const { name, mediaType, bytes, width, height, thumbnailUrl } = readFilePart(part);
  return {
    id,
    name,
    mediaType: mediaType as UploadOutput["mediaType"],
    bytes: bytes ?? 0,
    width,
    height,
    hasThumbnail: thumbnailUrl !== part.url,
    createdAt: 0,
  };
}
