import { AppError } from "../errors.ts";
import { concatBytes } from "./bytes.ts";

/** Bytes that are read of a refused body at most: what the platform accepts in one request. */
const restMaxBytes = 100 * 1024 * 1024;
/** The same for a body without a length, which may never end. */
const endlessMaxBytes = 1024 * 1024;

/**
 * Reads a request's body into memory. Counts the bytes as they arrive, because a body may come
 * without a Content-Length, and stops at the first byte over the limit. The rest stays unread, for
 * {@link readRest}.
 *
 * @returns null when the body is missing or empty
 * @throws AppError TOO_LARGE with the message
 */
export async function readBody(
  { body, headers }: Request,
  maxBytes: number,
  message = "This request is too large.",
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(headers.get("content-length") ?? 0) > maxBytes) {
    throw new AppError("TOO_LARGE", message);
  }
  if (!body) return null;
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes) throw new AppError("TOO_LARGE", message);
      pieces.push(value);
    }
  } finally {
    reader.releaseLock();
  }
  return length === 0 ? null : concatBytes(pieces, length);
}

/**
 * Reads and discards the unread rest of a request's body. Behind a service binding the runtime
 * holds the response back until the body is read, so a refused request, or one that needs no input,
 * would never get its response. Without a binding, a response in the middle of the client's sending
 * breaks the connection. Does nothing when other code reads the body.
 */
export async function readRest({ body, headers }: Request): Promise<void> {
  if (!body || body.locked) return;
  const reader = body.getReader();
  try {
    const maxBytes = headers.has("content-length") ? restMaxBytes : endlessMaxBytes;
    for (let left = maxBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // The client has disconnected.
  }
}
