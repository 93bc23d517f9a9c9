import type { UploadOutput } from "api-worker/contracts";
import { type FileFacts, fileAddress, uploadIdOf } from "api-worker/contracts/uploads";
import type { FilePart } from "../message.ts";

/** An upload in a message that is shown before the worker has it: as the worker will store it. */
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

/** A file of a message, as it is shown. */
export interface ShownFile {
  readonly url: string;
  readonly name: string;
  readonly mediaType: string;
  readonly isPicture: boolean;
  /** null for what came from elsewhere. */
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** A small picture of it. */
  readonly thumbnailUrl: string;
}

/** Reads a stored part; what an import has brought may lack all but its address. */
export function readFilePart(part: FilePart): ShownFile {
  const facts = part.providerMetadata?.alleato ?? {};
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const isOurs = uploadIdOf(part.url) !== null;
  return {
    url: part.url,
    name: part.filename ?? "File",
    mediaType: part.mediaType,
    // A picture from elsewhere would tell others who looks at it.
    isPicture: part.mediaType.startsWith("image/") && (isOurs || part.url.startsWith("data:")),
    bytes: number(facts.bytes),
    width: number(facts.width),
    height: number(facts.height),
    thumbnailUrl: isOurs && facts.hasThumbnail ? `${part.url}?size=thumbnail` : part.url,
  };
}

/** What a part that was not sent is of, for the composer. */
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
