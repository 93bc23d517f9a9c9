/** Extracts the text of a PDF, for models that cannot read PDFs. */
import { measurePdf } from "./measure-pdf.ts";

/** Reading stops after this many pages, or this many pieces of text on them. */
const pagesMax = 500;
const piecesMax = 200_000;

export interface CutText {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Reads the text of a PDF piece by piece until it has enough. The PDF was measured first, so that
 * its streams fit into memory; forms that are drawn again and again end with the text.
 *
 * @param maxLength characters
 * @returns null for a PDF that cannot be read: it is broken, has a password, or unfolds to too much
 */
export async function readPdfText(bytes: Uint8Array, maxLength: number): Promise<CutText | null> {
  if (measurePdf(bytes).refusal !== null) return null;
  // Imported late, because pdf.js is almost half of the worker's code (2.5 of 5.7 MB).
  const { getDocumentProxy } = await import("unpdf");
  try {
    const document = await getDocumentProxy(bytes);
    const pages = Math.min(document.numPages, pagesMax);
    const text = new TextSoFar(maxLength);
    for (let number = 1; number <= pages && !text.isFull; number += 1) {
      const page = await document.getPage(number);
      await text.addPage(page.streamTextContent());
      page.cleanup();
    }
    await document.loadingTask.destroy();
    const whole = text.whole;
    return {
      text: whole.slice(0, maxLength).toWellFormed(),
      isCut: text.isFull || pages < document.numPages,
    };
  } catch {
    return null;
  }
}

interface TextPieces {
  readonly items: readonly ({ readonly str: string; readonly hasEOL: boolean } | object)[];
}

class TextSoFar {
  #text = "";
  #pieces = 0;
  #isFull = false;
  readonly #maxLength: number;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get whole(): string {
    return this.#text.trim();
  }

  /** Reading has ended early. */
  get isFull(): boolean {
    return this.#isFull;
  }

  async addPage(pieces: ReadableStream<TextPieces>): Promise<void> {
    if (this.#text !== "") this.#text += "\n\n";
    const reader = pieces.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      this.#pieces += value.items.length;
      this.#text += value.items
        .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
        .join("");
      this.#isFull = this.#text.length > this.#maxLength || this.#pieces > piecesMax;
      // The rest ends with the document.
      if (this.#isFull) break;
    }
    this.#text = this.#text.trimEnd();
  }
}
