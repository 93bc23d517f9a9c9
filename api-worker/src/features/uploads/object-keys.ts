/**
 * Keys of the objects in the bucket. Only the upload's id names an object, because its owner may
 * change.
 */

/** The prefix of all uploads. Other objects in the bucket belong to other features. */
export const objectPrefix = "uploads/";

export function objectKey(uploadId: string): string {
  return `${objectPrefix}${uploadId}`;
}

export function thumbnailKey(uploadId: string): string {
  return `${objectKey(uploadId)}/thumbnail`;
}

/** Key of the extracted text of a PDF. */
export function textKey(uploadId: string): string {
  return `${objectKey(uploadId)}/text`;
}

/** The id of an object's upload; null for an object that is not an upload's. */
export function uploadIdOfKey(key: string): string | null {
  return /^uploads\/([0-9a-f-]{36})(?:\/|$)/.exec(key)?.[1] ?? null;
}

/** Keys that R2 deletes in one call, at most. */
const keysAtOnce = 900;

/** Deletes all objects of uploads. Missing objects are not an error. */
export async function deleteObjects(
  bucket: Pick<R2Bucket, "delete">,
  uploadIds: readonly string[],
): Promise<void> {
  const keys = uploadIds.flatMap((id) => [objectKey(id), thumbnailKey(id), textKey(id)]);
  for (let at = 0; at < keys.length; at += keysAtOnce) {
    await bucket.delete(keys.slice(at, at + keysAtOnce));
  }
}
