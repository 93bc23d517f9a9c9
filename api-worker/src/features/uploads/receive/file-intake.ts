import { encodeHexLowerCase } from "@oslojs/encoding";
import { isPictureType, type UploadType } from "../../../contracts/uploads.ts";
import { AppError } from "../../../errors.ts";
import { sizeText } from "../../../platform/size-text.ts";
import type { UploadLimits } from "../../limits/limits-of.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { type StreamCheck, streamCheckFor } from "./check-stream.ts";
import { cleanFileName } from "./file-name.ts";
import {
  hasEndingOf,
  headBytes,
  identify,
  isTextType,
  refusal,
  usualEndings,
} from "./file-types.ts";
import type { ObjectWriter } from "./object-writer.ts";
import { checkPicture, type PictureSize } from "./picture/check-picture.ts";
import { stripMetadata } from "./picture/strip-metadata.ts";
import type { FileTarget, FormFile } from "./read-form.ts";
import { TextIntake } from "./text-intake.ts";

const decodedAtOnce = 256 * 1024;

/** A complete file that passed every check. Its last bytes are not stored yet. */
export interface ReceivedFile extends Partial<PictureSize> {
  readonly name: string;
  readonly mediaType: UploadType;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** The bytes after the last stored part. */
  readonly rest: Uint8Array;
}

/**
 * Receives a file as it arrives. The type is detected from the first bytes, and a forbidden file is
 * refused as soon as it shows. A picture is held in memory until it is complete, and is stored
 * without what it tells about its maker. Any other file is streamed to R2 in parts, which are
 * completed only after the last check. A text is stored in UTF-8, whatever encoding it came in.
 */
export class FileIntake implements FileTarget {
  readonly #file: FormFile;
  readonly #limits: UploadLimits;
  readonly #writer: ObjectWriter;
  readonly #digest = new crypto.DigestStream("SHA-256");
  readonly #hash = this.#digest.getWriter();
  #type: UploadType | null = null;
  #check: StreamCheck | null = null;
  /** Of a text, which is stored in UTF-8. */
  #text: TextIntake | null = null;
  #bytes = 0;
  #storedBytes = 0;
  /** The first bytes, until the type is known. */
  readonly #head = new ByteBuffer();
  readonly #waiting = new ByteBuffer();
  #received: ReceivedFile | null = null;

  constructor(file: FormFile, limits: UploadLimits, writer: ObjectWriter) {
    this.#file = file;
    this.#limits = limits;
    this.#writer = writer;
  }

  /** null until the file is complete. */
  get received(): ReceivedFile | null {
    return this.#received;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length;
    this.#refuseTooLarge();
    let rest = chunk;
    if (!this.#type) {
      const missing = headBytes - this.#head.length;
      this.#head.append(chunk.subarray(0, missing));
      if (this.#head.length < headBytes) return;
      await this.#identify(false);
      rest = chunk.subarray(missing);
    }
    await this.#take(rest);
  }

  /** Takes the next bytes of a file whose type is known. */
  async #take(bytes: Uint8Array): Promise<void> {
    if (!this.#text) return this.#store(bytes);
    // Decoding a piece takes several times its memory.
    for (let at = 0; at < bytes.length; at += decodedAtOnce) {
      await this.#store(this.#text.take(bytes.subarray(at, at + decodedAtOnce)));
    }
  }

  async #store(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#storedBytes += bytes.length;
    this.#refuseTooLarge();
    if (!this.#isPicture) await this.#hash.write(bytes);
    this.#check?.see(bytes);
    for (const piece of this.#toParts(bytes)) {
      this.#waiting.append(piece);
      if (this.#isPicture || this.#waiting.length < this.#writer.partBytes) continue;
      await this.#writer.writePart(this.#waiting.view);
      this.#waiting.clear();
    }
  }

  /** Cuts a chunk where a part is full. Pictures are not stored in parts. */
  *#toParts(chunk: Uint8Array): Generator<Uint8Array> {
    let rest = chunk;
    while (rest.length > 0) {
      const room = this.#isPicture ? rest.length : this.#writer.partBytes - this.#waiting.length;
      yield rest.subarray(0, room);
      rest = rest.subarray(room);
    }
  }

  async end(): Promise<void> {
    if (this.#bytes === 0) throw refusal("This file is empty.");
    const mediaType = this.#type ?? (await this.#identify(true));
    if (this.#text) await this.#store(this.#text.end());
    if (this.#storedBytes === 0) throw refusal("This file is empty.");
    this.#check?.end();
    let rest = this.#waiting.view;
    let size: PictureSize | undefined;
    if (isPictureType(mediaType)) {
      size = checkPicture(rest, mediaType);
      rest = stripMetadata(rest, mediaType);
      this.#storedBytes = rest.length;
      await this.#hash.write(rest);
    }
    await this.#hash.close();
    this.#received = {
      name: this.#nameOf(mediaType),
      mediaType,
      bytes: this.#storedBytes,
      sha256: encodeHexLowerCase(new Uint8Array(await this.#digest.digest)),
      rest,
      ...size,
    };
  }

  get #isPicture(): boolean {
    return this.#type !== null && isPictureType(this.#type);
  }

  /** Detects the type, and takes the first bytes. @param isWhole whether they are the file */
  async #identify(isWhole: boolean): Promise<UploadType> {
    const head = this.#head.view;
    const { fileName, mediaType } = this.#file;
    const name = cleanFileName(fileName, "");
    const type = await identify(head, name, mediaType, isWhole);
    this.#type = type;
    this.#check = streamCheckFor(type);
    if (isTextType(type)) this.#text = new TextIntake(name, head);
    await this.#take(head);
    return type;
  }

  #nameOf(type: UploadType): string {
    const name = cleanFileName(this.#file.fileName, `file.${usualEndings[type]}`);
    // Named by its real type, because operating systems open a file by its extension.
    return hasEndingOf(name, type) ? name : cleanFileName(`${name}.${usualEndings[type]}`, name);
  }

  /** @throws AppError TOO_LARGE, while it arrives */
  #refuseTooLarge(): void {
    const { pictureMaxBytes, fileMaxBytes, pdfMaxBytes } = this.#limits;
    const [what, max] = this.#isPicture
      ? (["An image", pictureMaxBytes] as const)
      : this.#type === "application/pdf"
        ? (["A PDF", pdfMaxBytes] as const)
        : ([
            "A file",
            this.#type ? fileMaxBytes : Math.max(pictureMaxBytes, fileMaxBytes),
          ] as const);
    if (Math.max(this.#bytes, this.#storedBytes) <= max) return;
    throw new AppError("TOO_LARGE", `${what} can be up to ${sizeText(max)}.`);
  }
}
