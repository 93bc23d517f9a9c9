import { once } from "node:events";
import type { Readable } from "node:stream";
import { Busboy, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { AppError } from "../../../errors.ts";

/** Receives the bytes of one file of a form, in order. */
export interface FileTarget {
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** Receives the parts of a form, one after the other. */
export interface FormTargets {
  /** @param value "" for one that is too long */
  onField(name: string, value: string): void;
  /** @throws AppError for an unexpected file */
  onFile(file: FormFile): FileTarget;
}

export interface FormFile {
  /** Of the field. */
  readonly name: string;
  readonly fileName: string;
  /** As the client says. */
  readonly mediaType: string;
}

const limits = { parts: 10, fields: 5, files: 2, fieldNameSize: 100, fieldSize: 1_000 };

/**
 * Reads a form (`multipart/form-data`) while it arrives. It reads no faster than the target takes
 * the bytes, so a form is never in memory as a whole.
 *
 * @param contentType of the request, with the boundary
 * @param maxBytes of the whole form, counted as they arrive
 * @throws AppError INVALID for a body that is not a form or ends too early; TOO_LARGE; what a
 *   target throws. The rest of the body is unread then, and no target is running
 */
export async function readForm(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  targets: FormTargets,
  maxBytes: number,
): Promise<void> {
  const form = openForm(contentType);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const orFail = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, failure.promise]);
  const files: Promise<void>[] = [];
  const streams: Readable[] = [];
  form.on("error", (error) => failure.reject(notAForm(error)));
  form.on("field", (name, value, isNameCut, isCut) => {
    try {
      targets.onField(name, isNameCut || isCut ? "" : value);
    } catch (error) {
      failure.reject(error);
    }
  });
  form.on("file", (name, stream, fileName, _encoding, mediaType) => {
    const file = { name, fileName: unescapeName(fileName ?? ""), mediaType };
    streams.push(stream);
    files.push(takeFile(stream, file, targets).catch(failure.reject));
  });

  const reader = body.getReader();
  // The last target must have finished when the caller continues.
  let read: ReturnType<typeof reader.read> | undefined;
  let length = 0;
  try {
    for (;;) {
      read = reader.read();
      const { done, value } = await orFail(read);
      if (done) break;
      length += value.length;
      if (length > maxBytes) throw new AppError("TOO_LARGE", "This upload is too large.");
      if (!form.write(value)) await orFail(once(form, "drain"));
    }
    const finished = once(form, "finish");
    form.end();
    await orFail(finished);
    await orFail(Promise.all(files));
  } finally {
    form.destroy();
    for (const stream of streams) stream.destroy();
    // A target's pending writes finish first, so that undoing them now undoes everything.
    await Promise.allSettled([...files, read]);
    reader.releaseLock();
  }
}

/** @throws AppError INVALID for a body that is not a form */
function openForm(contentType: string): BusboyInstance {
  const headers: BusboyHeaders = { "content-type": contentType };
  try {
    return new Busboy({ headers, limits, preservePath: true, defCharset: "utf8" });
  } catch (error) {
    throw notAForm(error);
  }
}

async function takeFile(stream: Readable, file: FormFile, targets: FormTargets): Promise<void> {
  const target = targets.onFile(file);
  for await (const chunk of stream) await target.write(chunk as Uint8Array);
  await target.end();
}

function notAForm(cause: unknown): AppError {
  return new AppError("INVALID", "The upload couldn’t be read. Try again.", { cause });
}

/** Browsers escape quotes and line breaks in names like this. */
function unescapeName(name: string): string {
  return name.replace(/%22/g, '"').replace(/%0D/gi, "\r").replace(/%0A/gi, "\n");
}
