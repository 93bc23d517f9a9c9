/** Brings the files of imported messages into the viewer's own files, or says why not. */
import { decodeBase64 } from "@oslojs/encoding";
import type { UserContext } from "../../context.ts";
import { limits } from "../../contracts/limits.ts";
import type { MessageData, MessagePart } from "../../contracts/message-parts.ts";
import type { ExportedMessage } from "../../contracts/transfer.ts";
import { fileAddress, uploadIdOf } from "../../contracts/uploads.ts";
import { AppError } from "../../errors.ts";
import { storeBytes, uploaderOf } from "../uploads/receive/create-upload.ts";
import { cleanFileName } from "../uploads/receive/file-name.ts";

/**
 * The most files stored in one request. Each takes several subrequests, of which a worker has a
 * limited number.
 */
const filesMax = 40;

type ForeignFile = MessageData["foreign-file"];

/** The files of one import request. */
export class FileImport {
  readonly #ctx: UserContext;
  /** By the address with the bytes: a picture that is used twice is stored once. */
  readonly #stored = new Map<string, MessagePart>();

  constructor(ctx: UserContext) {
    this.#ctx = ctx;
  }

  /**
   * Replaces the file parts of messages in place. A file whose bytes are in the part becomes an
   * upload of the viewer, with the same checks as any other. A file on another server becomes a
   * link, which is never loaded. Uploads stay.
   *
   * @throws what D1 and R2 throw
   */
  async takeFrom(messages: readonly ExportedMessage[]): Promise<void> {
    for (const message of messages) {
      if (!message.parts.some(({ type }) => type === "file")) continue;
      const parts: MessagePart[] = [];
      for (const part of message.parts) {
        parts.push(part.type === "file" ? await this.#take(part) : part);
      }
      message.parts = parts;
    }
  }

  async #take(part: MessagePart): Promise<MessagePart> {
    const url = String(part.url);
    if (uploadIdOf(url) !== null) return part;
    const mediaType = String(part.mediaType);
    const given = typeof part.filename === "string" ? part.filename : "";
    const file = { filename: cleanFileName(given || nameIn(url), "File"), mediaType };
    if (/^https?:/i.test(url)) return foreign({ ...file, url: URL.parse(url)?.href ?? null });
    if (!/^data:/i.test(url)) {
      return foreign({ ...file, url: null, reason: "Its address doesn’t lead to a file." });
    }
    const known = this.#stored.get(url);
    if (known) return { ...known, filename: file.filename };
    const taken = await this.#store(url, given, file);
    if (taken.type === "file") this.#stored.set(url, taken);
    return taken;
  }

  /** @param given the name in the file, "" for none */
  async #store(
    url: string,
    given: string,
    file: { readonly filename: string; readonly mediaType: string },
  ): Promise<MessagePart> {
    if (this.#stored.size >= filesMax) {
      const reason = `An import can bring up to ${filesMax} files at once.`;
      return foreign({ ...file, url: null, reason });
    }
    const bytes = bytesIn(url);
    if (!bytes) return foreign({ ...file, url: null, reason: "Its content can’t be read." });
    try {
      const upload = await storeBytes(uploaderOf(this.#ctx), bytes, {
        fileName: given,
        mediaType: "",
      });
      const { id, mediaType, name, width, height } = upload;
      const size = width !== null && height !== null && { width, height };
      const alleato = { bytes: upload.bytes, ...size };
      const stored = { type: "file", url: fileAddress(id), mediaType, filename: name };
      return { ...stored, providerMetadata: { alleato } };
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERNAL") throw error;
      return foreign({ ...file, url: null, reason: error.message });
    }
  }
}

function foreign(data: ForeignFile): MessagePart {
  return { type: "data-foreign-file", data };
}

/** The last name in the path of an address; "" for none. */
function nameIn(url: string): string {
  const path = URL.parse(url)?.pathname ?? "";
  const name = /^https?:/i.test(url) ? (path.split("/").at(-1) ?? "") : "";
  try {
    return decodeURIComponent(name).slice(0, limits.fileNameMaxLength * 4);
  } catch {
    return name;
  }
}

/** The bytes in a `data:` address; null when they cannot be decoded. */
function bytesIn(url: string): Uint8Array | null {
  const [head = "", ...rest] = url.split(",");
  const content = rest.join(",");
  try {
    if (/;base64$/i.test(head)) return decodeBase64(content);
    return new TextEncoder().encode(decodeURIComponent(content));
  } catch {
    return null;
  }
}
