/**
 * The one entry of EXIF data that decides how a picture looks.
 *
 * @see https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf (4.6.4, tag 274)
 */
import { viewOf } from "./picture-bytes.ts";

const orientationTag = 0x0112;
const shortType = 3;
/** The entries of a directory that are looked through. */
const entriesMax = 1_000;

/**
 * Reads the orientation, from 1 (upright) to 8.
 *
 * @param tiff EXIF data from its TIFF header on
 * @returns 1 when it has none, or cannot be read
 */
export function orientationOf(tiff: Uint8Array): number {
  const view = viewOf(tiff);
  if (tiff.length < 14) return 1;
  const order = view.getUint16(0);
  const isLittle = order === 0x4949;
  if (!isLittle && order !== 0x4d4d) return 1;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return 1;
  const count = Math.min(view.getUint16(directory, isLittle), entriesMax);
  for (let index = 0; index < count; index += 1) {
    const at = directory + 2 + index * 12;
    if (at + 12 > tiff.length) return 1;
    if (view.getUint16(at, isLittle) !== orientationTag) continue;
    const value = view.getUint16(at + 8, isLittle);
    const isShort = view.getUint16(at + 2, isLittle) === shortType;
    return isShort && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Makes EXIF data with the orientation alone: 26 bytes, from the TIFF header on. */
export function minimalTiff(orientation: number): Uint8Array {
  const tiff = new Uint8Array(26);
  const view = viewOf(tiff);
  view.setUint16(0, 0x4d4d);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, orientationTag);
  view.setUint16(12, shortType);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}
