/**
 * Writes to the clipboard, as plain text and, where the browser can, as HTML beside it. Call it
 * while the person's click is handled: browsers refuse it later.
 *
 * @throws when the browser refuses
 */
export async function writeClipboard(
  text: string | Promise<string>,
  html?: Promise<string>,
): Promise<void> {
  if (html && typeof ClipboardItem !== "undefined") {
    try {
      await navigator.clipboard.write([
        new ClipboardItem({
          "text/plain": toBlob(text, "text/plain"),
          "text/html": toBlob(html, "text/html"),
        }),
      ]);
      return;
    } catch {
      // An older browser, or the code for the HTML did not load. Plain text may still be taken.
    }
  }
  html?.catch(() => {});
  await navigator.clipboard.writeText(await text);
}

async function toBlob(text: string | Promise<string>, type: string): Promise<Blob> {
  return new Blob([await text], { type });
}
