import { limits } from "../../../../contracts/limits.ts";
import { isPictureType, type PictureType } from "../../../../contracts/uploads.ts";
import { concatBytes } from "../../../../platform/bytes.ts";
import { identify, refusal } from "../file-types.ts";
import type { FileTarget } from "../read-form.ts";
import { checkPicture } from "./check-picture.ts";
import { stripMetadata } from "./strip-metadata.ts";

export interface ReceivedThumbnail {
  readonly bytes: Uint8Array;
  readonly mediaType: PictureType;
}

/**
 * Receives the thumbnail that the browser made of a picture. It passes the same checks as any
 * picture.
 */
export class ThumbnailIntake implements FileTarget {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #received: ReceivedThumbnail | null = null;

  /** null until the thumbnail is complete. */
  get received(): ReceivedThumbnail | null {
    return this.#received;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#length += chunk.length;
    if (this.#length > limits.thumbnailMaxBytes) throw refusal("The thumbnail is too large.");
    this.#pieces.push(chunk);
  }

  async end(): Promise<void> {
    const bytes = concatBytes(this.#pieces, this.#length);
    const mediaType = await identify(bytes, "", "", true);
    if (!isPictureType(mediaType)) throw refusal("The thumbnail isn’t an image.");
    const { width, height } = checkPicture(bytes, mediaType);
    if (Math.max(width, height) > limits.thumbnailMaxPx) {
      throw refusal("The thumbnail is too large.");
    }
    this.#received = { bytes: stripMetadata(bytes, mediaType), mediaType };
  }
}
