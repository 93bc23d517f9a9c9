import type { ContentDb } from "db";
import type { MessagePart, UserPart } from "../../contracts/message-parts.ts";
import { type FileFacts, fileAddress, uploadIdOf } from "../../contracts/uploads.ts";
import { AppError } from "../../errors.ts";
import { findUploads, type StoredUpload } from "./queries.ts";
import { cleanFileName } from "./receive/file-name.ts";

/**
 * Checks that the sender owns the files of a message, and completes each part from the upload's
 * row. Of the client's claims only the name is used.
 *
 * @throws AppError INVALID when a file does not exist
 */
export async function bindFiles(
  content: ContentDb,
  userId: string,
  parts: readonly UserPart[],
): Promise<MessagePart[]> {
  const ids = parts.flatMap((part) => (part.type === "file" ? (uploadIdOf(part.url) ?? []) : []));
  if (ids.length === 0) return [...parts];
  const uploads = await findUploads(content, userId, ids);
  const byId = new Map(uploads.map((upload) => [upload.id, upload]));
  return parts.map((part) => {
    if (part.type !== "file") return part;
    const upload = byId.get(uploadIdOf(part.url) ?? "");
    if (!upload) {
      const name = part.filename ? `“${cleanFileName(part.filename, "A file")}”` : "A file";
      const message = `${name} no longer exists. Remove it or attach it again.`;
      throw new AppError("INVALID", message, { fields: { file: message } });
    }
    return filePart(upload, part.filename);
  });
}

/**
 * Makes a message part of an upload.
 * @param name the file's name in this message
 */
function filePart(upload: StoredUpload, name: string | undefined): MessagePart {
  const facts: FileFacts = {
    bytes: upload.bytes,
    ...(upload.width !== null && { width: upload.width }),
    ...(upload.height !== null && { height: upload.height }),
    ...(upload.thumbnailBytes !== null && { hasThumbnail: true }),
  };
  return {
    type: "file",
    url: fileAddress(upload.id),
    mediaType: upload.mediaType,
    filename: name === undefined ? upload.name : cleanFileName(name, upload.name),
    providerMetadata: { alleato: facts },
  };
}
