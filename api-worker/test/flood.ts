/** A request body without a Content-Length. */
export interface Flood {
  readonly init: RequestInit;
  /** The bytes that the worker has taken of it so far. */
  taken(): number;
}

const chunkBytes = 64 * 1024;

/**
 * A body that is made while it is sent, so that its length is not known.
 *
 * @param head the beginning of the text
 * @param fill is repeated until the body has `bytes`
 */
export function flood(head: string, fill: string, bytes: number, contentType?: string): Flood {
  const encoder = new TextEncoder();
  const chunk = encoder.encode(fill.repeat(Math.ceil(chunkBytes / fill.length)));
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = taken === 0 ? encoder.encode(head) : chunk;
        taken += piece.length;
        controller.enqueue(piece);
        if (taken >= bytes) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const init = {
    method: "POST",
    headers: { "content-type": contentType ?? "application/json" },
    body,
    duplex: "half",
  };
  return { init: init as RequestInit, taken: () => taken };
}
