import { concatBytes } from "../../../platform/bytes.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { endingOf } from "./file-name.ts";
import { refusal } from "./file-types.ts";
import {
  decodeStrictly,
  hasControls,
  isWestern,
  type TextEncoding,
  utf16Of,
} from "./text-encoding.ts";

/** Bytes after the first one that is not ASCII, by which an encoding is recognised. */
const sampleBytes = 16 * 1024;

/**
 * Turns a text of any supported encoding into UTF-8 while it arrives. The bytes of a text in UTF-8
 * stay as they are.
 */
export class TextIntake {
  readonly #name: string;
  readonly #encoder = new TextEncoder();
  readonly #sample = new ByteBuffer();
  #encoding: TextEncoding | null;
  #decoder: TextDecoder | null = null;
  #isAscii = true;
  /** The character before the sample. */
  #before = "";

  /** @param head the file's first bytes, which are also the first to be taken */
  constructor(name: string, head: Uint8Array) {
    this.#name = name;
    this.#encoding = utf16Of(head);
    if (this.#encoding) this.#begin(this.#encoding);
  }

  /**
   * @returns UTF-8, maybe later than its bytes came
   * @throws AppError INVALID for a file that is not text, or in an encoding that is not recognised
   */
  take(chunk: Uint8Array): Uint8Array {
    if (this.#encoding) return this.#convert(chunk, false);
    const start = this.#isAscii ? lengthOfAscii(chunk) : 0;
    this.#isAscii = start === chunk.length;
    if (start > 0) this.#before = String.fromCharCode(chunk[start - 1] ?? 0);
    if (this.#isAscii) return chunk;
    const ascii = chunk.subarray(0, start);
    const room = start + sampleBytes - this.#sample.length;
    // Copied, because the chunk's memory may be used again.
    this.#sample.append(chunk.subarray(start, room));
    if (this.#sample.length < sampleBytes) return ascii;
    return join(ascii, join(this.#decide(false), this.#convert(chunk.subarray(room), false)));
  }

  /** @returns the rest. @throws AppError INVALID */
  end(): Uint8Array {
    if (this.#encoding) return this.#convert(new Uint8Array(0), true);
    const rest = this.#sample.length > 0 ? this.#decide(true) : new Uint8Array(0);
    return this.#encoding === null ? rest : join(rest, this.#convert(new Uint8Array(0), true));
  }

  /** Recognises the encoding by the sample, and converts that. */
  #decide(isWhole: boolean): Uint8Array {
    const sample = this.#sample.view.slice();
    if (decodeStrictly(sample, "utf-8", isWhole) !== null) return this.#start("utf-8", sample);
    const text = decodeStrictly(sample, "windows-1252", isWhole);
    if (text === null || !isWestern(this.#before + text)) throw this.#notText();
    return this.#start("windows-1252", sample);
  }

  #start(encoding: TextEncoding, sample: Uint8Array): Uint8Array {
    this.#encoding = encoding;
    this.#begin(encoding);
    this.#sample.clear();
    return this.#convert(sample, false);
  }

  #begin(encoding: TextEncoding): void {
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  }

  #convert(bytes: Uint8Array, isEnd: boolean): Uint8Array {
    const isUtf8 = this.#encoding === "utf-8";
    if (isUtf8 && bytes.includes(0)) throw this.#notText();
    let text: string;
    try {
      text = this.#decoder?.decode(bytes, { stream: !isEnd }) ?? "";
    } catch {
      throw this.#notText();
    }
    if (isUtf8) return bytes;
    if (hasControls(text)) throw this.#notText();
    return this.#encoder.encode(text);
  }

  #notText() {
    const how =
      endingOf(this.#name) === "csv"
        ? "Save it with UTF-8 encoding (in Excel: “CSV UTF-8”) and try again."
        : "Save it with UTF-8 encoding and try again.";
    return refusal(`This file isn’t UTF-8 text. ${how}`);
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return concatBytes([first, second], first.length + second.length);
}

/** How many of the first bytes are ASCII without zeros. */
function lengthOfAscii(bytes: Uint8Array): number {
  let at = 0;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === 0) break;
  }
  return at;
}
