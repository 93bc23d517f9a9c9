import type { UploadLimitsOutput, UploadOutput } from "api-worker/contracts";
import { limits } from "api-worker/contracts/limits";
import { isPictureType } from "api-worker/contracts/uploads";
import { v7 as uuidv7 } from "uuid";
import { byteText } from "../../../lib/byte-text.ts";
import { readError } from "../../../lib/error-text.ts";
import { Store } from "../../../lib/store.ts";

/** A file attached to the draft. */
export interface DraftFile {
  readonly key: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly state: "waiting" | "uploading" | "ready" | "failed";
  /** The share sent so far, from 0 to 1. */
  readonly progress: number;
  /** Why the upload failed. */
  readonly problem: string | null;
  /** Whether a retry may succeed. */
  readonly canRetry: boolean;
  readonly upload: UploadOutput | null;
  /** The address of a picture's preview; null for other files. */
  readonly previewUrl: string | null;
}

interface Entry {
  /** null for an upload restored after a reload. */
  readonly file: File | null;
  readonly abort: AbortController;
}

/** The upload calls that a queue needs. A port, so that tests need no network. */
export interface UploadPort {
  send(
    file: File,
    options: { onProgress: (share: number) => void; signal: AbortSignal },
  ): Promise<UploadOutput>;
  /** Deletes an upload that no message uses. */
  discard(uploadId: string): Promise<void>;
  limits(): Promise<UploadLimitsOutput>;
}

/** Parallel uploads. More would only share the same bandwidth. */
const atOnce = 3;

/**
 * The files of a draft and the progress of their uploads. Belongs to no component. Each change sets
 * a new array.
 */
export class UploadQueue {
  readonly store = new Store<readonly DraftFile[]>([]);
  readonly #entries = new Map<string, Entry>();
  readonly #port: UploadPort;
  #save: (uploads: UploadOutput[]) => void = () => undefined;
  #onTwin: (name: string, twin: string) => void = () => undefined;

  constructor(port: UploadPort) {
    this.#port = port;
  }

  get files(): readonly DraftFile[] {
    return this.store.value;
  }

  /**
   * Sets the function that saves the draft's uploads.
   *
   * @param save called with the uploads at once, and whenever they may have changed
   */
  keep(save: (uploads: UploadOutput[]) => void): void {
    this.#save = save;
    save(uploadsOf(this.files));
  }

  /**
   * Reports duplicates.
   *
   * @param onTwin called with the names of a file that was left out as a duplicate, and of the file
   *   that is already attached
   * @returns a function that stops reporting
   */
  watchTwins(onTwin: (name: string, twin: string) => void): () => void {
    this.#onTwin = onTwin;
    return () => {
      if (this.#onTwin === onTwin) this.#onTwin = () => undefined;
    };
  }

  /**
   * Adds files, up to the limit of a message.
   *
   * @returns how many files were over the limit
   */
  add(files: readonly File[]): number {
    const room = Math.max(0, limits.filesPerMessageMax - this.files.length);
    const taken = files.slice(0, room);
    const added = taken.map((file): DraftFile => {
      const key = uuidv7();
      this.#entries.set(key, { file, abort: new AbortController() });
      return {
        key,
        name: file.name,
        mediaType: file.type,
        bytes: file.size,
        state: "waiting",
        progress: 0,
        problem: null,
        canRetry: false,
        upload: null,
        previewUrl: isPictureType(file.type) ? URL.createObjectURL(file) : null,
      };
    });
    this.#set([...this.files, ...added]);
    this.#startNext();
    return files.length - taken.length;
  }

  /** Adds files that are already uploaded. */
  restore(uploads: readonly UploadOutput[]): void {
    const known = new Set(this.files.map(({ upload }) => upload?.id));
    const added = uploads
      .filter(({ id }) => !known.has(id))
      .map((upload): DraftFile => {
        const key = uuidv7();
        this.#entries.set(key, { file: null, abort: new AbortController() });
        const { name, mediaType, bytes } = upload;
        const previewUrl = isPictureType(mediaType) ? `/files/${upload.id}?size=thumbnail` : null;
        const state = "ready" as const;
        const none = { problem: null, canRetry: false };
        return { key, name, mediaType, bytes, state, progress: 1, upload, previewUrl, ...none };
      });
    if (added.length > 0) this.#set([...this.files, ...added]);
  }

  /** Removes a file: cancels its upload, or deletes the upload. */
  remove(key: string): void {
    const file = this.files.find((one) => one.key === key);
    if (!file) return;
    this.#entries.get(key)?.abort.abort();
    this.#drop([file]);
    // If this request fails, the worker deletes the unused upload later.
    if (file.upload) void this.#port.discard(file.upload.id).catch(() => undefined);
    this.#startNext();
  }

  retry(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry?.file) return;
    this.#entries.set(key, { ...entry, abort: new AbortController() });
    this.#change(key, { state: "waiting", progress: 0, problem: null, canRetry: false });
    this.#startNext();
  }

  /** Returns the uploads for a message that is being sent, and empties the queue. */
  take(): UploadOutput[] {
    const uploads = uploadsOf(this.files);
    this.#drop(this.files);
    return uploads;
  }

  #startNext(): void {
    const underWay = this.files.filter(({ state }) => state === "uploading").length;
    const next = this.files.filter(({ state }) => state === "waiting").slice(0, atOnce - underWay);
    for (const { key } of next) void this.#send(key);
  }

  async #send(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry?.file) return;
    const { file, abort } = entry;
    this.#change(key, { state: "uploading" });
    try {
      const refusal = await this.#refusalOf(file);
      if (refusal) {
        this.#change(key, { state: "failed", problem: refusal });
        return;
      }
      const upload = await this.#port.send(file, {
        onProgress: (progress) => this.#change(key, { progress }),
        signal: abort.signal,
      });
      const twin = this.files.find((one) => one.upload?.id === upload.id);
      if (!this.#entries.has(key)) {
        // The file was removed while its upload completed.
        if (!twin) void this.#port.discard(upload.id).catch(() => undefined);
        return;
      }
      const { name, mediaType } = upload;
      if (twin) {
        this.#drop(this.files.filter((one) => one.key === key));
        this.#onTwin(name, twin.name);
        return;
      }
      this.#change(key, { state: "ready", progress: 1, upload, name, mediaType });
    } catch (error) {
      if (abort.signal.aborted) return;
      const { errorCode, text } = readError(error);
      const canRetry = errorCode === null || retryable.has(errorCode);
      this.#change(key, { state: "failed", problem: text, canRetry });
    } finally {
      this.#startNext();
    }
  }

  /** Refuses files that are too large without sending them. The worker checks the size again. */
  async #refusalOf(file: File): Promise<string | null> {
    if (file.size === 0) return "This file is empty.";
    const known = await this.#port.limits().catch(() => null);
    if (!known) return null;
    const isPicture = isPictureType(file.type);
    const max = isPicture ? known.pictureMaxBytes : known.fileMaxBytes;
    if (file.size <= max) return null;
    return `${isPicture ? "An image" : "A file"} can be up to ${byteText(max)}.`;
  }

  #drop(files: readonly DraftFile[]): void {
    for (const { key, previewUrl } of files) {
      this.#entries.delete(key);
      if (previewUrl?.startsWith("blob:")) URL.revokeObjectURL(previewUrl);
    }
    this.#set(this.files.filter((file) => !files.includes(file)));
  }

  #change(key: string, change: Partial<DraftFile>): void {
    if (!this.#entries.has(key)) return;
    this.#set(this.files.map((file) => (file.key === key ? { ...file, ...change } : file)));
  }

  #set(files: readonly DraftFile[]): void {
    this.#save(uploadsOf(files));
    this.store.set(files);
  }
}

function uploadsOf(files: readonly DraftFile[]): UploadOutput[] {
  return files.flatMap(({ upload }) => upload ?? []);
}

/** Failures that may pass. All others are caused by the file itself. */
const retryable: ReadonlySet<string> = new Set([
  "INTERNAL",
  "UPSTREAM_FAILED",
  "RATE_LIMITED",
  // The storage was full. Deleting other files makes room.
  "TOO_LARGE",
]);
