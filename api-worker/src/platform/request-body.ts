/** The most of a refused body that is read: what the platform takes in one request. */
const restMaxBytes = 100 * 1024 * 1024;
/** The same for one that does not say how long it is: it may have no end. */
const endlessMaxBytes = 1024 * 1024;

/**
 * Reads what nobody has read of a request's body, and keeps nothing of it. Behind a service binding
 * the runtime holds the response back for as long as a part of the body is not read, so whoever is
 * refused, or calls what needs no input, would wait without end; and where a client is asked directly,
 * a response in the midst of its sending breaks the connection. Does nothing where somebody reads.
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
    // The client has left.
  }
}
