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

/** The check for a type. Pictures are checked as a whole, by `check-picture.ts`. */
export function streamCheckFor(type: UploadType): StreamCheck | null {
  if (type.startsWith("image/")) return null;
  return type === "application/pdf" ? new PdfCheck() : new TextCheck();
}

/** Checks that a file is UTF-8 text and has no binary characters. */
class TextCheck implements StreamCheck {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

  see(chunk: Uint8Array): void {
    if (chunk.includes(0)) throw notText();
    try {
      this.#decoder.decode(chunk, { stream: true });
    } catch {
      throw notText();
    }
  }

  end(): void {
    try {
      this.#decoder.decode();
    } catch {
      throw notText();
    }
  }
}

function notText() {
  return refusal("This file isn’t UTF-8 text. Save it with UTF-8 encoding and try again.");
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
