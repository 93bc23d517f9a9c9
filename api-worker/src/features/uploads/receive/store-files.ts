import { AppError } from "../../../errors.ts";
import type { RequestBudget } from "../../../platform/request-budget.ts";
import { storeBytes, type Uploader } from "./create-upload.ts";

/** A file whose bytes came with an import. */
export interface GivenFile {
  /** "" for none. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** A stored file, or the reason why it is not stored. */
export type StoredFile =
  | {
      readonly id: string;
      readonly mediaType: string;
      readonly name: string;
      readonly bytes: number;
      readonly width: number | null;
      readonly height: number | null;
    }
  | { readonly refusal: string };

/** The requests that a file takes, and another for each of these bytes. */
const requestsPerFile = 8;
const bytesPerRequest = 5_000_000;

/**
 * Stores files as uploads, with the checks of any upload, until a budget is spent.
 *
 * @returns what became of the first ones: at least of one
 * @throws what D1 and R2 throw
 */
export async function storeFiles(
  owner: Uploader,
  files: readonly GivenFile[],
  budget: RequestBudget,
): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const { fileName, bytes } of files) {
    const requests = requestsPerFile + Math.ceil(bytes.length / bytesPerRequest);
    if (!budget.take(requests) && stored.length > 0) break;
    try {
      const upload = await storeBytes(owner, bytes, { fileName, mediaType: "" });
      const { id, mediaType, name, width, height } = upload;
      stored.push({ id, mediaType, name, bytes: upload.bytes, width, height });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERNAL") throw error;
      stored.push({ refusal: error.message });
    }
  }
  return stored;
}
