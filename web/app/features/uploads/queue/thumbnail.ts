/** The longer side of a thumbnail, in pixels: twice its displayed size in a message. */
const sidePx = 640;
/** A picture of at most this size is its own thumbnail. */
const smallEnoughBytes = 60_000;
const maxBytes = 200_000;

/**
 * Makes a thumbnail of a picture, so that a chat with many pictures loads quickly.
 *
 * @returns null for a file that needs none, is animated, or cannot be decoded here
 */
export async function makeThumbnail(file: File): Promise<Blob | null> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= smallEnoughBytes) return null;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, sidePx / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, "image/webp", 0.8),
    );
    return blob && blob.size <= Math.min(maxBytes, file.size) ? blob : null;
  } catch {
    // The worker reports what is wrong with the picture, if anything.
    return null;
  }
}
