/** Checks that a picture is complete, and measures it. */
import { imageSize } from "image-size";
import { limits } from "../../../../contracts/limits.ts";
import type { PictureType } from "../../../../contracts/uploads.ts";
import { refusal } from "../file-types.ts";
import { afterGifBlocks, gifTableBytes, textAt, viewOf } from "./picture-bytes.ts";

/** The size as displayed, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Measures a picture without decoding it, so that a picture too large for memory is found by its
 * header.
 *
 * @returns the size, with the camera's rotation applied
 * @throws AppError INVALID for a picture that is incomplete, broken or too large
 */
export function checkPicture(bytes: Uint8Array, type: PictureType): PictureSize {
  if (!isWhole[type](bytes)) {
    throw refusal("This image is damaged or incomplete. Open it and save it again.");
  }
  const { width, height, orientation = 1 } = measure(bytes);
  const { pictureMaxPixels, pictureMaxPx } = limits;
  if (width > pictureMaxPx || height > pictureMaxPx || width * height > pictureMaxPixels) {
    throw refusal(
      `This image is too large (${width} × ${height} pixels). The limit is ${pictureMaxPixels / 1_000_000} million pixels.`,
    );
  }
  // EXIF orientations from 5 on mean a quarter turn.
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

function measure(bytes: Uint8Array) {
  try {
    const size = imageSize(bytes);
    if (size.width > 0 && size.height > 0) return size;
  } catch {
    // The error is thrown below.
  }
  throw refusal("The size of this image can’t be read. Open it and save it again.");
}

/** Walks through a picture's chunks to its end. Bytes after the end are ignored. */
const isWhole: Record<PictureType, (bytes: Uint8Array) => boolean> = {
  "image/png": isWholePng,
  "image/jpeg": isWholeJpeg,
  "image/gif": isWholeGif,
  "image/webp": isWholeWebp,
};

/** @see https://www.w3.org/TR/png-3/#5Chunk-layout */
function isWholePng(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let hasData = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = textAt(bytes, at + 4);
    const next = at + 12 + length;
    if (next > bytes.length || (at === 8 && type !== "IHDR")) return false;
    if (type === "IDAT") hasData = true;
    if (type === "IEND") return hasData;
    at = next;
  }
  return false;
}

/** @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B) */
function isWholeJpeg(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let hasFrame = false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    hasFrame ||= isFrame;
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return false;
    at += 2 + length;
    if (marker === 0xda) return hasFrame && hasEnd(bytes, at);
  }
  return false;
}

/** Scan data never contains these two bytes. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd9) return true;
  }
  return false;
}

/** @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function isWholeGif(bytes: Uint8Array): boolean {
  let hasImage = false;
  for (let at = 13 + gifTableBytes(bytes[10]); at < bytes.length; ) {
    const kind = bytes[at];
    if (kind === 0x3b) return hasImage;
    if (kind === 0x21) at = afterGifBlocks(bytes, at + 2);
    else if (kind === 0x2c) {
      hasImage = true;
      at = afterGifBlocks(bytes, at + 11 + gifTableBytes(bytes[at + 9]));
    } else return false;
  }
  return false;
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function isWholeWebp(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  if (bytes.length < 20) return false;
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) return false;
  let hasImage = false;
  for (let at = 12; at + 8 <= end; ) {
    const type = textAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) return false;
    if (type === "VP8 " || type === "VP8L" || type === "ANMF") hasImage = true;
    // Chunks are padded to even offsets.
    at += 8 + length + (length % 2);
  }
  return hasImage;
}
