import { objectKey } from "../object-keys.ts";

/** Called before anything is written, so that an interrupted upload can be found. */
export interface WriteLog {
  /** Before the first byte goes to storage. */
  onBegin(): Promise<void>;
  /** Storage keeps the parts of this upload until it is completed or aborted. */
  onParts(r2UploadId: string): Promise<void>;
}

/**
 * Writes the bytes of one upload to R2. A small upload is written in one request. A large one is
 * written in parts, which become an object only with `complete`.
 *
 * @see https://developers.cloudflare.com/r2/api/workers/workers-multipart-usage/
 */
export class ObjectWriter {
  /** R2's minimum size of a part, except the last. */
  readonly partBytes = 5 * 1024 * 1024;
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #log: WriteLog;
  #hasBegun = false;
  #upload: R2MultipartUpload | null = null;
  readonly #parts: R2UploadedPart[] = [];

  constructor(bucket: R2Bucket, uploadId: string, log: WriteLog) {
    this.#bucket = bucket;
    this.#key = objectKey(uploadId);
    this.#log = log;
  }

  /** Whether storage or the database knows of the upload. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** @param bytes exactly `partBytes` bytes */
  async writePart(bytes: Uint8Array): Promise<void> {
    await this.begin();
    if (!this.#upload) {
      this.#upload = await this.#bucket.createMultipartUpload(this.#key);
      await this.#log.onParts(this.#upload.uploadId);
    }
    this.#parts.push(await this.#upload.uploadPart(this.#parts.length + 1, bytes));
  }

  /** Writes the remaining bytes. The object exists afterwards. */
  async complete(rest: Uint8Array): Promise<void> {
    await this.begin();
    if (!this.#upload) {
      await this.#bucket.put(this.#key, rest);
      return;
    }
    if (rest.length > 0) {
      this.#parts.push(await this.#upload.uploadPart(this.#parts.length + 1, rest));
    }
    await this.#upload.complete(this.#parts);
    this.#upload = null;
  }

  /**
   * Drops the written parts. Has no effect when they were completed and only the response was lost.
   */
  async abort(): Promise<void> {
    await this.#upload?.abort().catch(() => undefined);
    this.#upload = null;
  }

  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    await this.#log.onBegin();
  }
}
