import type { IncomingMessage } from "node:http";

/**
 * Reads along while another reader reads a request's body, without taking part: for mock servers
 * whose own journal leaves out what they do not need.
 *
 * @param onBody called with the whole body as text, when it has come
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
