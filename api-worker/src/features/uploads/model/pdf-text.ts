/** Extracts the text of a PDF, for models that cannot read PDFs. */

/** Reading stops after this many pages. */
const pagesMax = 2_000;

export interface CutText {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Reads the text of a PDF page by page until it has enough.
 *
 * @param maxLength characters
 * @returns null for a PDF that cannot be opened, because it is broken or has a password
 */
export async function readPdfText(bytes: Uint8Array, maxLength: number): Promise<CutText | null> {
  // Imported late, because pdf.js is almost half of the worker's code (2.5 of 5.7 MB).
  const { getDocumentProxy } = await import("unpdf");
  try {
    const document = await getDocumentProxy(bytes);
    const pages = Math.min(document.numPages, pagesMax);
    let text = "";
    for (let number = 1; number <= pages; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      text += items
        .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
        .join("");
      text = `${text.trimEnd()}\n\n`;
      page.cleanup();
      if (text.length > maxLength) break;
    }
    await document.loadingTask.destroy();
    const whole = text.trim();
    return {
      text: whole.slice(0, maxLength).toWellFormed(),
      isCut: pages < document.numPages || whole.length > maxLength,
    };
  } catch {
    return null;
  }
}
