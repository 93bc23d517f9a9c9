/** Checks that need the whole file, run while it streams past. */

import type { UploadType } from "../../../contracts/uploads.ts";
import { concatBytes } from "../../../platform/bytes.ts";
import { refusal } from "./file-types.ts";

/** Inspects a file as it streams past, with next to no memory. */
export interface StreamCheck {
  /** @throws AppError INVALID */
  see(chunk: Uint8Array): void;
  /** @throws AppError INVALID */
  end(): void;
}

/**
 * The check for a type. Pictures are checked as a whole, by `check-picture.ts`, and texts where they
 * are decoded, by `text-intake.ts`.
 */
export function streamCheckFor(type: UploadType): StreamCheck | null {
  return type === "application/pdf" ? new PdfCheck() : null;
}

/** Programs append to PDFs, so the end mark is looked for in the last bytes. */
const tailBytes = 2_048;

class PdfCheck implements StreamCheck {
  #tail: Uint8Array = new Uint8Array(0);

  see(chunk: Uint8Array): void {
    const last = chunk.subarray(-tailBytes);
    const whole = concatBytes([this.#tail, last], this.#tail.length + last.length);
    this.#tail = whole.slice(-tailBytes);
  }

  end(): void {
    if (new TextDecoder("latin1").decode(this.#tail).includes("%%EOF")) return;
    throw refusal("This PDF is damaged or incomplete. Open it and save it again.");
  }
}
