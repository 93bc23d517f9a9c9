import { createHash } from "node:crypto";
import { type UploadType, uploadTypes } from "../../src/contracts/uploads.ts";
import { objectKey } from "../../src/features/uploads/object-keys.ts";
import { derivedId } from "../../src/platform/derived-id.ts";
import { nameIn } from "../convert/messages/file-parts.ts";
import type { FileOutcome, FileReference, Target, Value } from "../model.ts";
import { type CheckedFile, checkFile, nameFor, Unsuitable } from "./check-file.ts";
import { readDataAddress } from "./data-address.ts";
import { type Download, type DownloadOptions, download, type FileHere } from "./download.ts";
import { Places } from "./places.ts";

export interface FileCopierOptions extends DownloadOptions {
  readonly target: Target;
  /** Whether files are copied, left where they are, or left out. */
  readonly mode: "copy" | "link" | "skip";
  /** Nothing is downloaded and nothing is stored. */
  readonly isDryRun?: boolean;
}

export interface FileTotals {
  readonly stored: number;
  /** Of those, files that an earlier run had stored. */
  readonly found: number;
  /** Of the others. */
  readonly bytes: number;
}

/** Files that are copied at once. */
const filesAtOnce = 4;

/**
 * Copies files to R2. Each belongs to a user, and has an id that is made of the user's and the
 * address; what an earlier run has stored is not copied again. The object comes first, and the row
 * with the message: what an end in between leaves is overwritten by the next run.
 */
export class FileCopier {
  readonly #options: FileCopierOptions;
  readonly #places = new Places(filesAtOnce);
  readonly #largePlaces = new Places(1);
  #totals: FileTotals = { stored: 0, found: 0, bytes: 0 };

  constructor(options: FileCopierOptions) {
    this.#options = options;
  }

  get totals(): FileTotals {
    return this.#totals;
  }

  /**
   * Copies the files of one group. Groups can be copied at the same time; all together have four
   * files under way.
   *
   * @returns what became of each, by its address
   * @throws what the target throws
   */
  async copy(references: readonly FileReference[]): Promise<Map<string, FileOutcome>> {
    const earlier = await this.#listStored(references);
    const outcomes = new Map<string, FileOutcome>();
    // All are settled before a failure ends the run, so that none goes on behind its back.
    const settled = await Promise.allSettled(
      references.map(async (reference) => {
        outcomes.set(reference.url, await this.#copyInTurn(reference, earlier));
      }),
    );
    const failure = settled.find((one) => one.status === "rejected");
    if (failure) throw failure.reason;
    return outcomes;
  }

  /** What is stored already of these. */
  async #listStored(references: readonly FileReference[]): Promise<ReadonlyMap<string, UploadRow>> {
    const wanted = references.filter((reference) => this.#reasonToLeave(reference) === null);
    if (wanted.length === 0) return new Map();
    const rows = await this.#options.target.query<UploadRow>("content", {
      sql: `
        SELECT ${uploadColumns.map((column) => `uploads.${column}`).join(", ")}
        FROM json_each(?) AS one
        CROSS JOIN uploads ON userId = one.value ->> 0 AND uploads.id = one.value ->> 1
        WHERE state = 'ready'`,
      params: [JSON.stringify(wanted.map((one) => [one.userId, uploadIdFor(one)]))],
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Why a file is not copied at all; null for one that is. */
  #reasonToLeave({ url, content }: FileReference): string | null {
    const { mode, isDryRun } = this.#options;
    if (isDryRun) return "A dry run copies no files.";
    if (content !== undefined) return null;
    if (mode === "skip") return "Files were left out.";
    // The bytes of a data: address have no other place to stay.
    if (mode === "link" && !/^data:/i.test(url)) return "Files were left where they are.";
    return null;
  }

  async #copyInTurn(
    reference: FileReference,
    earlier: ReadonlyMap<string, UploadRow>,
  ): Promise<FileOutcome> {
    const reason = this.#reasonToLeave(reference);
    if (reason !== null) return { state: "left", reason };
    const releases = [await this.#places.take()];
    const waitForRoom = async () => {
      releases.push(await this.#largePlaces.take());
    };
    try {
      return await this.#copyOne(reference, earlier, waitForRoom);
    } finally {
      for (const release of releases) release();
    }
  }

  async #copyOne(
    reference: FileReference,
    earlier: ReadonlyMap<string, UploadRow>,
    waitForRoom: () => Promise<void>,
  ): Promise<FileOutcome> {
    const id = uploadIdFor(reference);
    const upload = earlier.get(id);
    if (upload && (await this.#options.target.files.has(objectKey(id)))) {
      this.#count({ found: 1 });
      const { chatId, createdAt = upload.createdAt } = reference;
      return outcomeOf({ ...upload, chatId, createdAt });
    }
    const file = await this.#read(reference, waitForRoom);
    if (file.state !== "here") return file;
    try {
      return await this.#store(reference, id, file);
    } catch (error) {
      if (error instanceof Unsuitable) return { state: "missing", reason: error.message };
      throw error;
    }
  }

  async #read(
    { url, content }: FileReference,
    waitForRoom: () => Promise<void>,
  ): Promise<Download> {
    if (/^https?:/i.test(url)) return download(url, this.#options, waitForRoom);
    const bytes = content === undefined ? readDataAddress(url) : Buffer.from(content);
    if (!bytes) return { state: "missing", reason: "The address does not hold a file." };
    return { state: "here", bytes, modifiedAt: null };
  }

  /** @throws {Unsuitable} for a file that the product does not take */
  async #store(
    reference: FileReference,
    id: string,
    { bytes, modifiedAt }: FileHere,
  ): Promise<FileOutcome> {
    const { userId, chatId, url, name, createdAt } = reference;
    const checked = madeFile(reference) ?? (await checkFile(bytes, name || nameIn(url)));
    await this.#options.target.files.put(objectKey(id), bytes, checked.mediaType);
    this.#count({ bytes: bytes.length });
    return outcomeOf({
      ...{ userId, id, chatId, name: checked.name, mediaType: checked.mediaType },
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      ...{ width: checked.width, height: checked.height, state: "ready" },
      createdAt: createdAt ?? modifiedAt ?? Date.now(),
    });
  }

  #count({ found = 0, bytes = 0 }: { readonly found?: number; readonly bytes?: number }): void {
    this.#totals = {
      stored: this.#totals.stored + 1,
      found: this.#totals.found + found,
      bytes: this.#totals.bytes + bytes,
    };
  }
}

const uploadColumns = [
  ...["userId", "id", "chatId", "name", "mediaType", "bytes", "sha256", "width", "height"],
  ...["state", "createdAt"],
];

interface UploadRow extends Readonly<Record<string, Value>> {
  readonly userId: string;
  readonly id: string;
  readonly chatId: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly state: string;
  readonly createdAt: number;
}

/** The id of the upload that a file becomes: the same for the same user and address. */
export function uploadIdFor({ userId, url }: Pick<FileReference, "userId" | "url">): string {
  return derivedId(`vercel file ${userId} ${url}`);
}

function outcomeOf(upload: UploadRow): FileOutcome {
  const { id, mediaType, name } = upload;
  return { state: "stored", uploadId: id, mediaType, name, upload };
}

/** What the conversion has made is what it says, whatever its first words are. */
function madeFile({ content, mediaType, name }: FileReference): CheckedFile | null {
  if (content === undefined || mediaType === null || !isUploadType(mediaType)) return null;
  return { name: nameFor(name, mediaType), mediaType, width: null, height: null };
}

function isUploadType(mediaType: string): mediaType is UploadType {
  return (uploadTypes as readonly string[]).includes(mediaType);
}
