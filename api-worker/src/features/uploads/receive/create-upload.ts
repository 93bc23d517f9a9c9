import type { ContentDb } from "db";
import { z } from "zod";
import { confirmViewer } from "../../../confirm-viewer.ts";
import type { UserContext } from "../../../context.ts";
import type { UploadOutput } from "../../../contracts/uploads.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/log.ts";
import { countTry } from "../../../platform/rate-limit.ts";
import { sizeText } from "../../../platform/size-text.ts";
import { keepGuest } from "../../auth/guest/guests.ts";
import { type Limits, limitsOf, type UploadLimits } from "../../limits/limits-of.ts";
import { refuseFull } from "../../limits/storage.ts";
import { formMaxBytes } from "../file-size.ts";
import { thumbnailKey } from "../object-keys.ts";
import { removeUploads } from "../purge/purge-uploads.ts";
import {
  giveUpPending,
  insertPending,
  reuseUpload,
  type StoredUpload,
  setR2UploadId,
  setReady,
  toUploadOutput,
} from "../queries.ts";
import { FileIntake, type ReceivedFile } from "./file-intake.ts";
import { refusal } from "./file-types.ts";
import { ObjectWriter } from "./object-writer.ts";
import { ThumbnailIntake } from "./picture/thumbnail-intake.ts";
import { type FormTargets, readForm } from "./read-form.ts";

const chatIdSchema = z.uuid();

/** The owner of a new upload, with the limits that apply. */
export interface Uploader {
  readonly env: Pick<Env, "FILES">;
  readonly content: ContentDb;
  readonly log: Logger;
  readonly userId: string;
  readonly limits: Pick<Limits, "uploads" | "storage">;
}

/** The viewer as the owner of their uploads. */
export function uploaderOf({ env, content, log, viewer }: UserContext): Uploader {
  return { env, content, log, userId: viewer.userId, limits: limitsOf(env, viewer) };
}

/**
 * Receives a file of the viewer: a form with `file`, and optionally `chatId` and `thumbnail`. The
 * form is read once, as it arrives. Nothing of a refused file is kept. Content that the viewer
 * already has is not stored again.
 *
 * @param body the form
 * @throws AppError INVALID for a body that is not a form and for a file that is not supported;
 *   TOO_LARGE for a file that is too large or exceeds the viewer's storage; RATE_LIMITED
 */
export async function createUpload(
  ctx: UserContext,
  body: ReadableStream<Uint8Array>,
): Promise<UploadOutput> {
  await countTry(ctx.env.UPLOAD_BY_USER, ctx.viewer.userId);
  const { uploads: limits, storage } = limitsOf(ctx.env, ctx.viewer);
  refuseTooLong(ctx, limits);
  await refuseFull(ctx.content, ctx.viewer.userId, storage, { bytes: 1 });
  await keepGuest(ctx);
  const upload = new NewUpload(uploaderOf(ctx));
  try {
    const contentType = ctx.request.contentType ?? "";
    await readForm(body, contentType, upload.targets, formMaxBytes(limits));
    await confirmViewer(ctx);
    return await upload.save();
  } catch (error) {
    const stored = await upload.undo();
    // Everything was written, and only the response of the last write was lost.
    if (stored) return toUploadOutput(stored);
    throw error;
  }
}

interface BytesFacts {
  readonly fileName: string;
  readonly mediaType: string;
  readonly chatId?: string | null;
}

/**
 * Stores a file whose bytes came in another way, as an upload. The checks are those of
 * {@link createUpload}. The caller has counted the request, and keeps the guest.
 *
 * @param file its name, "" for none, its declared type, and the chat that it belongs to
 * @throws AppError as createUpload does; nothing is kept then
 */
export async function storeBytes(
  owner: Uploader,
  bytes: Uint8Array,
  { chatId = null, ...file }: BytesFacts,
): Promise<UploadOutput> {
  const upload = new NewUpload(owner, chatId);
  try {
    const target = upload.targets.onFile({ name: "file", ...file });
    await target.write(bytes);
    await target.end();
    return await upload.save();
  } catch (error) {
    const stored = await upload.undo();
    if (stored) return toUploadOutput(stored);
    throw error;
  }
}

/** Refuses a form by its declared length, before any of it is read. */
function refuseTooLong({ request }: UserContext, limits: UploadLimits): void {
  if ((request.contentLength ?? 0) > formMaxBytes(limits)) {
    const most = sizeText(Math.max(limits.pictureMaxBytes, limits.fileMaxBytes));
    throw new AppError("TOO_LARGE", `Files can be up to ${most}.`);
  }
}

/** One upload, from its first byte to its row. */
class NewUpload {
  readonly targets: FormTargets;
  readonly #owner: Uploader;
  readonly #key: { readonly userId: string; readonly id: string };
  readonly #writer: ObjectWriter;
  #chatId: string | null;
  #file: FileIntake | null = null;
  #thumbnail: ThumbnailIntake | null = null;

  constructor(owner: Uploader, chatId: string | null = null) {
    const { uploads: limits } = owner.limits;
    this.#owner = owner;
    this.#chatId = chatId;
    const key = { userId: owner.userId, id: newId() };
    this.#key = key;
    this.#writer = new ObjectWriter(owner.env.FILES, key.id, {
      onBegin: () =>
        insertPending(owner.content, {
          ...key,
          chatId: this.#chatId,
          name: this.#file?.received?.name ?? "",
          createdAt: systemClock(),
        }),
      onParts: (r2UploadId) => setR2UploadId(owner.content, key, r2UploadId),
    });
    this.targets = {
      onField: (name, value) => this.#onField(name, value),
      onFile: (file) => {
        if (file.name === "file" && !this.#file) {
          this.#file = new FileIntake(file, limits, this.#writer);
          return this.#file;
        }
        if (file.name === "thumbnail" && !this.#thumbnail) {
          this.#thumbnail = new ThumbnailIntake();
          return this.#thumbnail;
        }
        throw new AppError("INVALID", "Upload one file at a time.");
      },
    };
  }

  #onField(name: string, value: string): void {
    if (name !== "chatId" || value === "") return;
    if (!chatIdSchema.safeParse(value).success) {
      const message = "This isn’t a valid chat ID.";
      throw new AppError("INVALID", message, { fields: { chatId: message } });
    }
    this.#chatId = value;
  }

  /** Stores the received file, unless the viewer has the same content already. */
  async save(): Promise<UploadOutput> {
    const file = this.#file?.received;
    if (!file) throw refusal("This upload contains no file.");
    const twin = await this.#reuse(file);
    if (twin) {
      await this.undo();
      return told(twin, file);
    }
    await this.#writer.complete(file.rest);
    const thumbnail = file.width === undefined ? null : (this.#thumbnail?.received ?? null);
    if (thumbnail) await this.#owner.env.FILES.put(thumbnailKey(this.#key.id), thumbnail.bytes);
    const { rest: _, width = null, height = null, ...facts } = file;
    const thumbnailBytes = thumbnail?.bytes.length ?? null;
    const thumbnailType = thumbnail?.mediaType ?? null;
    const stored = await setReady(
      this.#owner.content,
      this.#key,
      { ...facts, width, height, thumbnailBytes, thumbnailType },
      this.#owner.limits.storage,
    );
    if (stored) return toUploadOutput(stored);
    // The same file was stored a moment earlier, or the upload took so long that it was given up.
    const earlier = await this.#reuse(file);
    if (!earlier) {
      throw new AppError("INTERNAL", "The upload took too long. Try again.", {
        detail: "the upload was given up before it was ready",
      });
    }
    await this.undo();
    return told(earlier, file);
  }

  /**
   * Removes everything that was stored. The sweep finds by its row what cannot be removed now.
   *
   * @returns the upload when it is ready after all; then nothing was removed
   */
  async undo(): Promise<StoredUpload | undefined> {
    if (!this.#writer.hasBegun) return undefined;
    const { env, content, log } = this.#owner;
    const { id } = this.#key;
    try {
      // The row goes first, so that nothing can make the upload ready from here on.
      const stored = await giveUpPending(content, this.#key);
      if (stored) return stored;
      await this.#writer.abort();
      await removeUploads(env.FILES, content, [{ id, r2UploadId: null }]);
    } catch (error) {
      log.warn("uploads.undo_failed", { uploadId: id, error: String(error) });
    }
    return undefined;
  }

  #reuse({ sha256 }: ReceivedFile): Promise<StoredUpload | undefined> {
    const { content } = this.#owner;
    return reuseUpload(content, this.#key.userId, sha256, this.#chatId, systemClock());
  }
}

/** The existing upload, under the name that this file has. */
function told(upload: StoredUpload, { name }: ReceivedFile): UploadOutput {
  return { ...toUploadOutput(upload), name };
}
