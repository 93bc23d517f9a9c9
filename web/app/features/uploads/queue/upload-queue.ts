import type { UploadLimitsOutput, UploadOutput } from "api-worker/contracts";
import { limits } from "api-worker/contracts/limits";
import { isPictureType } from "api-worker/contracts/uploads";
import { v7 as uuidv7 } from "uuid";
import { byteText } from "../../../lib/byte-text.ts";
import { readError } from "../../../lib/error-text.ts";
import { Store } from "../../../lib/store.ts";

/** A file that goes with the message that is being written. */
export interface DraftFile {
  readonly key: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly state: "waiting" | "uploading" | "ready" | "failed";
  /** The share that has been sent, from 0 to 1. */
  readonly progress: number;
  /** Why it failed. */
  readonly problem: string | null;
  /** Whether another try may go better. */
  readonly canRetry: boolean;
  readonly upload: UploadOutput | null;
  /** Of a picture. */
  readonly previewUrl: string | null;
}

interface Entry {
  /** null for one that a reload has left uploaded. */
  readonly file: File | null;
  readonly abort: AbortController;
}

/** What a queue needs of the rest. A port, so that tests need no network. */
export interface UploadPort {
  send(
    file: File,
    options: { onProgress: (share: number) => void; signal: AbortSignal },
  ): Promise<UploadOutput>;
  /** Takes an upload back that no message has. */
  discard(uploadId: string): Promise<void>;
  limits(): Promise<UploadLimitsOutput>;
}

/** Uploads under way at once: more would only share the same line. */
const atOnce = 3;

/**
 * The files of a message that is being written: what is uploaded, and how far it is. Belongs to no
 * component. A new array whenever something changes.
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

  /** @param save called with what is uploaded, now and whenever that may have changed */
  keep(save: (uploads: UploadOutput[]) => void): void {
    this.#save = save;
    save(uploadsOf(this.files));
  }

  /**
   * @param onTwin told of a file that turned out to be one that is there already, and was left out
   * @returns a function that ends it
   */
  watchTwins(onTwin: (name: string, twin: string) => void): () => void {
    this.#onTwin = onTwin;
    return () => {
      if (this.#onTwin === onTwin) this.#onTwin = () => undefined;
    };
  }

  /** Takes files in, as many as a message can have. @returns how many there was no room for */
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

  /** Puts in what is uploaded already. */
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

  /** Takes one out: ends its upload, or takes it back. */
  remove(key: string): void {
    const file = this.files.find((one) => one.key === key);
    if (!file) return;
    this.#entries.get(key)?.abort.abort();
    this.#drop([file]);
    // What stays behind for want of an answer is removed by the worker, in time.
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

  /** Hands out what is uploaded, for a message that is sent now. */
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
        // It was taken out while it came to its end.
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

  /** Spares the sending of what is too large; the worker has the last word. */
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

/** Failures that may pass; all others are the file's own. */
const retryable: ReadonlySet<string> = new Set([
  "INTERNAL",
  "UPSTREAM_FAILED",
  "RATE_LIMITED",
  // There was no room: there is, when others are deleted.
  "TOO_LARGE",
]);
