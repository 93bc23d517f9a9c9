import type { IncomingMessage } from "node:http";

/**
 * Reads a copy of a request's body while another reader reads it: for mock servers whose journal
 * leaves out parts of it.
 *
 * @param onBody called with the whole body as text
 */
export function readAlong(request: IncomingMessage, onBody: (body: string) => void): void {
  const chunks: Buffer[] = [];
  const emit = request.emit.bind(request);
  request.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event === "data") chunks.push(values[0] as Buffer);
    if (event === "end") onBody(Buffer.concat(chunks).toString());
    return emit(event, ...values);
  };
}
