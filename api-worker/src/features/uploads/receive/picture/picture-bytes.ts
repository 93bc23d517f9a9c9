/** Places in the bytes of pictures, for the code that checks and for the code that strips them. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads characters: by default the four that name a chunk. */
export function textAt(bytes: Uint8Array, at: number, length = 4): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/**
 * The bytes of a GIF's colour table.
 *
 * @param packed the field that tells whether there is one, and its size
 */
export function gifTableBytes(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/**
 * The position after a run of blocks in a GIF. Each block begins with its length, and the last
 * length is 0.
 */
export function afterGifBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at]) at += (bytes[at] ?? 0) + 1;
  return at + 1;
}
