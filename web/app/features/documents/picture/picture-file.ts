/** Loads a picture, and makes it a PNG if it is none. */
async function loadPng(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error("The picture can’t be loaded.");
  const blob = await response.blob();
  if (blob.type === "image/png") return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/png" });
}

/**
 * Copies a picture. Call it while the person's click is handled: browsers refuse it later.
 *
 * @throws when it cannot be loaded, or the browser refuses
 */
export async function copyPicture(url: string): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ "image/png": loadPng(url) })]);
}

/**
 * Downloads a picture as PNG.
 *
 * @throws when it cannot be loaded
 */
export async function savePicture(url: string, fileName: string): Promise<void> {
  const address = URL.createObjectURL(await loadPng(url));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
