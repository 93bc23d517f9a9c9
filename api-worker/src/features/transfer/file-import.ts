/** Brings the files of imported messages into the viewer's own files, or says why not. */
import { decodeBase64 } from "@oslojs/encoding";
import type { UserContext } from "../../context.ts";
import { limits } from "../../contracts/limits.ts";
import type { MessageData, MessagePart } from "../../contracts/message-parts.ts";
import type { ExportedMessage } from "../../contracts/transfer.ts";
import { fileAddress, uploadIdOf } from "../../contracts/uploads.ts";
import { jobObject } from "../../platform/job-object.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { cleanFileName } from "../uploads/receive/file-name.ts";
import type { StoredFile } from "../uploads/receive/store-files.ts";

/** The most files stored in one request. */
const filesMax = 40;
/** Bytes of files that are sent to an object at once; of a longer file, that file alone. */
const sentMaxBytes = 8_000_000;

type ForeignFile = MessageData["foreign-file"];

/** A file part with its bytes in its address. */
interface DataFile {
  readonly url: string;
  /** The name in the file, "" for none. */
  readonly given: string;
  readonly file: { readonly filename: string; readonly mediaType: string };
}

/** The files of one import request. */
export class FileImport {
  readonly #ctx: UserContext;
  readonly #budget: RequestBudget;
  /** By the address with the bytes: a picture that is used twice is stored once. */
  readonly #stored = new Map<string, MessagePart>();
  /** The first use of a file has the name that the upload was given. */
  readonly #isUsed = new Set<string>();

  /** @param budget for the calls of objects, which store the files */
  constructor(ctx: UserContext, budget: RequestBudget) {
    this.#ctx = ctx;
    this.#budget = budget;
  }

  /**
   * Replaces the file parts of messages in place. A file whose bytes are in the part becomes an
   * upload of the viewer, with the same checks as any other. A file on another server becomes a
   * link, which is never loaded. Uploads stay.
   *
   * @throws what D1 and R2 throw
   */
  async takeFrom(messages: readonly ExportedMessage[]): Promise<void> {
    const withFiles = messages.filter(({ parts }) => parts.some(({ type }) => type === "file"));
    const files = withFiles.flatMap(({ parts }) => parts.flatMap((part) => dataFileOf(part) ?? []));
    const refused = await this.#storeAll(files);
    for (const message of withFiles) {
      message.parts = message.parts.map((part) =>
        part.type === "file" ? this.#replace(part, refused) : part,
      );
    }
  }

  #replace(part: MessagePart, refused: ReadonlyMap<string, string>): MessagePart {
    const url = String(part.url);
    if (uploadIdOf(url) !== null) return part;
    const { file } = factsOf(part);
    if (/^https?:/i.test(url)) return foreign({ ...file, url: URL.parse(url)?.href ?? null });
    const known = this.#stored.get(url);
    if (known && this.#isUsed.has(url)) return { ...known, filename: file.filename };
    if (known) {
      this.#isUsed.add(url);
      return known;
    }
    const reason = refused.get(url) ?? "Its address doesn’t lead to a file.";
    return foreign({ ...file, url: null, reason });
  }

  /**
   * Stores the files that are not stored yet, a group in each call of an object.
   *
   * @returns the reasons for those that are not stored, by their addresses
   */
  async #storeAll(files: readonly DataFile[]): Promise<ReadonlyMap<string, string>> {
    const refused = new Map<string, string>();
    const wanted = [...new Map(files.map((file) => [file.url, file])).values()].filter(
      ({ url }) => !this.#stored.has(url),
    );
    let left = wanted.flatMap((file) => {
      const bytes = bytesIn(file.url);
      if (!bytes) refused.set(file.url, "Its content can’t be read.");
      return bytes ? [{ ...file, bytes }] : [];
    });
    while (left.length > 0) {
      if (this.#stored.size >= filesMax || !this.#budget.take(1)) {
        const reason = `An import can bring up to ${filesMax} files at once.`;
        for (const { url } of left) refused.set(url, reason);
        break;
      }
      const group = firstFiles(left).slice(0, filesMax - this.#stored.size);
      const results = await this.#send(group);
      for (const [at, result] of results.entries()) {
        const file = left[at];
        if (!file) break;
        if ("refusal" in result) refused.set(file.url, result.refusal);
        else this.#stored.set(file.url, partOf(result));
      }
      left = left.slice(Math.max(1, results.length));
    }
    return refused;
  }

  #send(files: readonly (DataFile & { readonly bytes: Uint8Array })[]): Promise<StoredFile[]> {
    const { env, viewer } = this.#ctx;
    const { userId, contentShard } = viewer;
    const { uploads, storage } = limitsOf(env, viewer);
    return jobObject(env, `${userId}/import`).storeFiles(
      { userId, contentShard },
      { uploads, storage },
      files.map(({ given, bytes }) => ({ fileName: given, bytes })),
    );
  }
}

/** The name and the type of a file part. */
function factsOf(part: MessagePart) {
  const url = String(part.url);
  const given = typeof part.filename === "string" ? part.filename : "";
  const filename = cleanFileName(given || nameIn(url), "File");
  return { given, file: { filename, mediaType: String(part.mediaType) } };
}

/** null for any other part. */
function dataFileOf(part: MessagePart): DataFile | null {
  const url = String(part.url);
  return part.type === "file" && /^data:/i.test(url) ? { url, ...factsOf(part) } : null;
}

/** The first of some files, as many as are sent at once. */
function firstFiles<File extends { readonly bytes: Uint8Array }>(files: readonly File[]): File[] {
  let sum = 0;
  return files.filter(({ bytes }, index) => {
    sum += bytes.length;
    return index === 0 || sum <= sentMaxBytes;
  });
}

function partOf({ id, mediaType, name, bytes, width, height }: Stored): MessagePart {
  const size = width !== null && height !== null && { width, height };
  const alleato = { bytes, ...size };
  const stored = { type: "file", url: fileAddress(id), mediaType, filename: name };
  return { ...stored, providerMetadata: { alleato } };
}

type Stored = Extract<StoredFile, { readonly id: string }>;

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
