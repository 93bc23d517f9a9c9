/** The checks that the product has for uploads, on a file that is in memory. */
import { isUtf8 } from "node:buffer";
import { isPictureType, type UploadType } from "../../src/contracts/uploads.ts";
import { AppError } from "../../src/errors.ts";
import { cleanFileName } from "../../src/features/uploads/receive/file-name.ts";
import {
  hasEndingOf,
  headBytes,
  identify,
  isTextType,
  usualEndings,
} from "../../src/features/uploads/receive/file-types.ts";
import { checkPicture } from "../../src/features/uploads/receive/picture/check-picture.ts";

/** The most that the product can take, whatever its operator has set. */
export const fileMaxBytes = 90 * 1024 * 1024;
const pictureMaxBytes = 12 * 1024 * 1024;
const pdfMaxBytes = 20 * 1024 * 1024;

export interface CheckedFile {
  readonly name: string;
  readonly mediaType: UploadType;
  /** Of a picture, as it is shown. */
  readonly width: number | null;
  readonly height: number | null;
}

/** A file that the product does not take. Its message is a sentence. */
export class Unsuitable extends Error {
  override readonly name = "Unsuitable";
}

/**
 * Finds out what a file is. The bytes are stored as they are, so that they can be compared with those
 * of the old store; a name that says something else gets the right extension.
 *
 * @param name as the source has it; "" for none
 * @throws {Unsuitable} for a file that an upload could not be
 */
export async function checkFile(bytes: Uint8Array, name: string): Promise<CheckedFile> {
  if (bytes.length === 0) throw new Unsuitable("The file is empty.");
  try {
    const mediaType = await typeOf(bytes, cleanFileName(name, ""));
    refuseTooLarge(bytes, mediaType);
    if (isTextType(mediaType) && (!isUtf8(bytes) || bytes.includes(0))) {
      throw new Unsuitable("The file isn’t UTF-8 text.");
    }
    const size = isPictureType(mediaType) ? checkPicture(bytes, mediaType) : null;
    return {
      name: nameFor(name, mediaType),
      mediaType,
      width: size?.width ?? null,
      height: size?.height ?? null,
    };
  } catch (error) {
    if (error instanceof AppError) throw new Unsuitable(error.message);
    throw error;
  }
}

async function typeOf(bytes: Uint8Array, name: string): Promise<UploadType> {
  const head = bytes.subarray(0, headBytes);
  const isWhole = bytes.length <= headBytes;
  try {
    return await identify(head, name, "", isWhole);
  } catch (error) {
    // A picture with another picture's extension, which the old stack took.
    const type = await identify(head, "", "", isWhole).catch(() => null);
    if (type && !isTextType(type)) return type;
    throw error;
  }
}

function refuseTooLarge(bytes: Uint8Array, mediaType: UploadType): void {
  const max = isPictureType(mediaType)
    ? pictureMaxBytes
    : mediaType === "application/pdf"
      ? pdfMaxBytes
      : fileMaxBytes;
  if (bytes.length > max) throw tooLarge(max);
}

/** The failure of a file that is larger than a number of bytes. */
export function tooLarge(maxBytes: number): Unsuitable {
  return new Unsuitable(`The file has more than ${maxBytes / 1024 / 1024} MB, the limit here.`);
}

/** Names a file as an upload is named: by its real type, because systems go by the extension. */
export function nameFor(name: string, mediaType: UploadType): string {
  const ending = usualEndings[mediaType];
  const clean = cleanFileName(name, `file.${ending}`);
  return hasEndingOf(clean, mediaType) ? clean : cleanFileName(`${clean}.${ending}`, clean);
}
