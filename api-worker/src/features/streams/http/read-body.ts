import { AppError } from "../../../errors.ts";
import { concatBytes } from "../../../platform/bytes.ts";

/**
 * Reads a request's body into memory. Stops as soon as it exceeds the limit, whatever its
 * Content-Length says.
 *
 * @returns null when the body is missing or empty
 * @throws AppError TOO_LARGE
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const tooLarge = () => new AppError("TOO_LARGE", `An append can have up to ${maxBytes} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (!request.body) return null;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body as ReadableStream<Uint8Array>) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  if (length === 0) return null;
  return concatBytes(pieces, length);
}
