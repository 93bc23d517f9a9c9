/** The most of a refused body that is read: what the platform takes in one request. */
const restMaxBytes = 100 * 1024 * 1024;

/**
 * Reads what nobody has read of a request's body, and keeps nothing of it. Behind a service binding
 * the runtime holds the answer back for as long as a part of the body is not read, so whoever is
 * refused, or calls what needs no input, would wait without end. Does nothing where somebody reads.
 */
export async function readRest({ body }: Request): Promise<void> {
  if (!body || body.locked) return;
  const reader = body.getReader();
  try {
    for (let left = restMaxBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // The client has left.
  }
}
