/** Bytes that are read of a refused body at most: what the platform accepts in one request. */
const restMaxBytes = 100 * 1024 * 1024;
/** The same for a body without a length, which may never end. */
const endlessMaxBytes = 1024 * 1024;

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
