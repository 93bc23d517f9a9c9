/** Reads and writes PNG pictures of 8-bit RGB without filters, which are all that the demo model draws. */
import { crc32 } from "node:zlib";

/** Rows of pixels from the top, each with a red, a green and a blue byte a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** @see https://www.w3.org/TR/png-3/ */
export async function encodePng({ width, height, rgb }: Pixels): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8);
  const rows = new Uint8Array((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    // The byte before each row says that it has no filter.
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  }
  const data = await pipe(rows, new CompressionStream("deflate"));
  return join([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", noBytes)]);
}

/** @returns null for a picture of another kind or size than `encodePng` makes of these */
export async function decodePng(
  bytes: Uint8Array,
  { width, height }: Omit<Pixels, "rgb">,
): Promise<Pixels | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOwn =
    bytes.length > 33 &&
    signature.every((byte, index) => bytes[index] === byte) &&
    view.getUint32(16) === width &&
    view.getUint32(20) === height &&
    view.getUint16(24) === 0x0802;
  if (!isOwn) return null;
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const isData = view.getUint32(at + 4) === 0x49444154;
    if (isData) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const rows = await pipe(join(parts), new DecompressionStream("deflate")).catch(() => noBytes);
  if (rows.length !== (width * 3 + 1) * height) return null;
  const rgb = new Uint8Array(width * 3 * height);
  for (let y = 0; y < height; y += 1) {
    const at = y * (width * 3 + 1);
    if (rows[at] !== 0) return null;
    rgb.set(rows.subarray(at + 1, at + 1 + width * 3), y * width * 3);
  }
  return { width, height, rgb };
}

const noBytes = new Uint8Array();

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function pipe(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const stream = new Response(bytes as Uint8Array<ArrayBuffer>).body?.pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
