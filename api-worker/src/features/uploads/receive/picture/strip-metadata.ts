/**
 * Removes what a picture tells beside its picture: where and when it was taken, with what camera,
 * by whom, comments, embedded previews, and bytes after its end. What decides its look stays:
 * colours, transparency, animation, and the turn that the viewer has to make (EXIF's orientation).
 * The picture itself is neither decoded nor changed.
 */
import { crc32 } from "node:zlib";
import type { PictureType } from "../../../../contracts/uploads.ts";
import { concatBytes } from "../../../../platform/bytes.ts";
import { minimalTiff, orientationOf } from "./exif-orientation.ts";
import { afterGifBlocks, gifTableBytes, textAt, viewOf } from "./picture-bytes.ts";

/**
 * Makes a picture without metadata.
 *
 * @param bytes a whole picture, as checked by `check-picture.ts`
 */
export function stripMetadata(bytes: Uint8Array, type: PictureType): Uint8Array {
  const pieces = strip[type](bytes);
  return concatBytes(
    pieces,
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
}

const strip: Record<PictureType, (bytes: Uint8Array) => Uint8Array[]> = {
  "image/jpeg": stripJpeg,
  "image/png": stripPng,
  "image/gif": stripGif,
  "image/webp": stripWebp,
};

const ascii = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The identifier that EXIF data has in a JPEG. */
const exifMark = "Exif\0\0";

/** @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B) */
function stripJpeg(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [];
  let orientation = 1;
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && textAt(bytes, at + 4, 6) === exifMark) {
      orientation = orientationOf(bytes.subarray(at + 10, end));
    }
    if (isShownSegment(bytes, at, marker)) kept.push(bytes.subarray(at, end));
    at = end;
    if (marker !== 0xda) continue;
    const scanEnd = endOfScan(bytes, at);
    kept.push(bytes.subarray(at, scanEnd));
    at = scanEnd;
  }
  return [
    bytes.subarray(0, 2),
    ...(orientation === 1 ? [] : [jpegExif(orientation)]),
    ...kept,
    new Uint8Array([0xff, 0xd9]),
  ];
}

/** Whether a segment decides how a JPEG looks. Of the application's, three do. */
function isShownSegment(bytes: Uint8Array, at: number, marker: number): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const isNamed = (name: string) => textAt(bytes, at + 4, name.length) === name;
  return (
    (marker === 0xe0 && isNamed("JFIF\0")) ||
    (marker === 0xe2 && isNamed("ICC_PROFILE\0")) ||
    (marker === 0xee && isNamed("Adobe"))
  );
}

/** Where the data of a scan ends: at a marker that is neither data nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!isData) return at;
  }
  return bytes.length;
}

function jpegExif(orientation: number): Uint8Array {
  const data = concatBytes([ascii(exifMark), minimalTiff(orientation)], 32);
  return concatBytes([new Uint8Array([0xff, 0xe1, 0, data.length + 2]), data], data.length + 4);
}

/** The chunks of a PNG that decide how it looks, with those of animations. */
const pngChunks = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split(
    " ",
  ),
);

/** @see https://www.w3.org/TR/png-3/#5Chunk-layout */
function stripPng(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = textAt(bytes, at + 4);
    const end = at + 12 + view.getUint32(at);
    if (pngChunks.has(type)) kept.push(bytes.subarray(at, end));
    else if (type === "eXIf") {
      const orientation = orientationOf(bytes.subarray(at + 8, end - 4));
      if (orientation !== 1) kept.push(pngChunk(type, minimalTiff(orientation)));
    }
    if (type === "IEND") break;
    at = end;
  }
  return kept;
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = viewOf(chunk);
  view.setUint32(0, data.length);
  chunk.set(ascii(type), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** The extensions of applications that decide how a GIF looks: its loop, and its colours. */
const gifApplications = new Set(["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"]);

/** @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function stripGif(bytes: Uint8Array): Uint8Array[] {
  let at = 13 + gifTableBytes(bytes[10]);
  const kept = [bytes.subarray(0, at)];
  while (at < bytes.length && bytes[at] !== 0x3b) {
    const isImage = bytes[at] === 0x2c;
    const end = afterGifBlocks(bytes, isImage ? at + 11 + gifTableBytes(bytes[at + 9]) : at + 2);
    // Of the extensions, the one that times and clears the next picture stays.
    const isTiming = bytes[at + 1] === 0xf9;
    const isApplication = bytes[at + 1] === 0xff && gifApplications.has(textAt(bytes, at + 3, 11));
    if (isImage || isTiming || isApplication) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return [...kept, new Uint8Array([0x3b])];
}

const webpChunks = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** The bits of `VP8X` that announce EXIF and XMP data. */
const exifFlag = 0x08;
const xmpFlag = 0x04;

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function stripWebp(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const riffEnd = 8 + view.getUint32(4, true);
  const kept: Uint8Array[] = [];
  let extended: Uint8Array | undefined;
  let orientation = 1;
  for (let at = 12; at + 8 <= riffEnd; ) {
    const type = textAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    const end = Math.min(riffEnd, at + 8 + length + (length % 2));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === "EXIF") {
      // Some programs put the identifier of a JPEG in front.
      orientation = orientationOf(textAt(data, 0, 6) === exifMark ? data.subarray(6) : data);
    }
    // A copy, because its flags change below.
    const chunk = type === "VP8X" ? bytes.slice(at, end) : bytes.subarray(at, end);
    if (type === "VP8X") extended = chunk;
    if (webpChunks.has(type)) kept.push(chunk);
    at = end;
  }
  const isTurned = orientation !== 1 && extended !== undefined;
  if (extended) {
    const flags = (extended[8] ?? 0) & ~(exifFlag | xmpFlag);
    extended[8] = isTurned ? flags | exifFlag : flags;
  }
  if (isTurned) kept.push(webpExif(orientation));
  const head = bytes.slice(0, 12);
  viewOf(head).setUint32(
    4,
    kept.reduce((sum, { length }) => sum + length, 4),
    true,
  );
  return [head, ...kept];
}

function webpExif(orientation: number): Uint8Array {
  const data = minimalTiff(orientation);
  return concatBytes(
    [ascii("EXIF"), new Uint8Array([data.length, 0, 0, 0]), data],
    data.length + 8,
  );
}
