import { z } from "zod";

/**
 * The input of `uploads.create`. A client sends `FormData`. The worker reads the form's bytes as
 * they arrive, because the router's own parser would hold the whole form in memory (see
 * `index.ts`).
 */
export const uploadForm = z
  .custom<FormData>((value) => value instanceof ReadableStream, "Send the file as a form.")
  .transform((value) => value as unknown as ReadableStream<Uint8Array>);
