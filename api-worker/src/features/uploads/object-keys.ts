/** Where the bytes of uploads lie in the bucket. The id alone names them: their owner may change. */

/** All uploads are below this; what else is in the bucket is not theirs. */
export const objectPrefix = "uploads/";

export function objectKey(uploadId: string): string {
  return `${objectPrefix}${uploadId}`;
}

export function thumbnailKey(uploadId: string): string {
  return `${objectKey(uploadId)}/thumbnail`;
}

/** The text of a PDF, once it was needed. */
export function textKey(uploadId: string): string {
  return `${objectKey(uploadId)}/text`;
}

/** The upload that an object belongs to; null for one that is nobody's. */
export function uploadIdOfKey(key: string): string | null {
  return /^uploads\/([0-9a-f-]{36})(?:\/|$)/.exec(key)?.[1] ?? null;
}

/** R2 deletes this many keys at once. */
const keysAtOnce = 900;

/** Deletes all that uploads have in the bucket. Those that are not there are no failure. */
export async function deleteObjects(
  bucket: Pick<R2Bucket, "delete">,
  uploadIds: readonly string[],
): Promise<void> {
  const keys = uploadIds.flatMap((id) => [objectKey(id), thumbnailKey(id), textKey(id)]);
  for (let at = 0; at < keys.length; at += keysAtOnce) {
    await bucket.delete(keys.slice(at, at + keysAtOnce));
  }
}
