/**
 * Counts what a PDF unfolds to, before anything reads it. A small PDF can have streams of hundreds
 * of megabytes, and its reader unfolds each as a whole.
 */
import { Buffer } from "node:buffer";
import { inflateSync, constants as zlib } from "node:zlib";

/** The most bytes that the streams of a PDF may unfold to, all together. */
export const unfoldedMax = 48 * 1024 * 1024;
/** The most streams that are looked at, and bytes of them that are read. */
const streamsMax = 50_000;
const readMax = 64 * 1024 * 1024;
/** How often one stream may be folded. */
const foldsMax = 3;

/** A reason not to read a PDF, for logs and tests. */
export type PdfRefusal = "encrypted" | "uncounted" | "too much";

export interface PdfMeasure {
  /** Bytes of all streams after unfolding; what was counted until a refusal. */
  readonly unfolded: number;
  /** null when the PDF may be read. */
  readonly refusal: PdfRefusal | null;
}

/**
 * Measures a PDF. Every stream is unfolded here that a reader could unfold, whatever the PDF says of
 * its place and length, so the count is never too small. A PDF with a stream that cannot be counted
 * is refused: an encrypted one, one with a rare filter (LZW, run lengths), or a filter that is named
 * elsewhere.
 */
export function measurePdf(bytes: Uint8Array): PdfMeasure {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = withPlainNames(buffer.toString("latin1"));
  if (/\/Encrypt\b/.test(names)) return { unfolded: 0, refusal: "encrypted" };
  if (rareFilter.test(names) || filterElsewhere.test(names)) {
    return { unfolded: 0, refusal: "uncounted" };
  }
  const count = new Count(asciiFilter.test(names));
  try {
    for (const start of streamStarts(buffer)) count.add(buffer.subarray(start));
    return { unfolded: count.unfolded, refusal: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { unfolded: count.unfolded, refusal: error.refusal };
  }
}

/** Full names, and the short ones of inline pictures. */
const rareFilter = /\/(LZWDecode|LZW|RunLengthDecode|RL|Crypt)\b/;
const asciiFilter = /\/(ASCII85Decode|A85|ASCIIHexDecode|AHx)\b/;
/** A filter, or one of a list, that is a reference to another object. */
const filterElsewhere = /\/Filter(\s|%[^\r\n]*[\r\n])*(\[[^\]]{0,500}?)?\d+(\s|%[^\r\n]*[\r\n])+\d/;

/** Replaces the escapes in names: `#46` is `F`. */
function withPlainNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));
}

class Refused extends Error {
  readonly refusal: PdfRefusal;
  constructor(refusal: PdfRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** Where the data of each stream begins: behind the keyword and a line break. */
function* streamStarts(bytes: Buffer): Generator<number> {
  let count = 0;
  for (let at = bytes.indexOf("stream"); at >= 0; at = bytes.indexOf("stream", at + 6)) {
    if (bytes.subarray(at - 3, at).toString("latin1") === "end") continue;
    count += 1;
    if (count > streamsMax) throw new Refused("too much");
    let start = at + 6;
    if (bytes[start] === 0x0d) start += 1;
    if (bytes[start] === 0x0a) start += 1;
    yield start;
  }
}

class Count {
  unfolded = 0;
  #read = 0;
  /** Where texts are decoded; null when the PDF has none. One for all streams, which may be many. */
  readonly #scratch: Buffer | null;

  constructor(hasAscii: boolean) {
    this.#scratch = hasAscii ? Buffer.alloc(asciiMax) : null;
  }

  /** @param rest of the file, from the beginning of a stream */
  add(rest: Buffer): void {
    this.#unfold(rest, 0);
    if (!this.#scratch) return;
    for (const decode of [fromHex, fromBase85]) {
      // The first bytes tell whether it is folded.
      const first = decode(rest, this.#scratch.subarray(0, 4));
      this.#note(first.read, 0);
      if (!isFolded(first.bytes)) continue;
      // The data after the last whole group is lost, and it is at most four bytes.
      const { bytes, read } = decode(rest, this.#scratch);
      this.#note(read, bytes.length);
      this.#unfold(bytes, 0);
    }
  }

  #unfold(data: Buffer, folds: number): void {
    if (!isFolded(data)) return;
    if (folds === foldsMax) throw new Refused("uncounted");
    const { buffer, read } = this.#inflate(data);
    this.#note(read, buffer.length);
    this.#unfold(buffer, folds + 1);
  }

  #inflate(data: Buffer): { buffer: Buffer; read: number } {
    const maxOutputLength = unfoldedMax - this.unfolded + 1;
    try {
      const options = { info: true, maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH };
      // Node's types do not know that `info` changes the result.
      const { buffer, engine } = inflateSync(data, options) as unknown as {
        readonly buffer: Buffer;
        readonly engine: { readonly bytesWritten: number };
      };
      return { buffer, read: engine.bytesWritten };
    } catch (error) {
      // A reader that is more lenient than this one may go on where this one stops.
      throw new Refused(error instanceof RangeError ? "too much" : "uncounted");
    }
  }

  #note(read: number, unfolded: number): void {
    this.#read += read;
    this.unfolded += unfolded;
    if (this.#read > readMax || this.unfolded > unfoldedMax) throw new Refused("too much");
  }
}

/** Whether data begins like zlib's. */
function isFolded(data: Buffer): boolean {
  const [method = 0, flags = 0] = data;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
}

/** The longest text that is decoded. A stream that needs more of it is not of text. */
const asciiMax = 8 * 1024 * 1024;

/**
 * Decodes a text into a buffer, until that is full, and tells how many characters it read. Stops
 * where a reader would.
 */
type AsciiDecoder = (
  data: Buffer,
  into: Buffer,
) => { readonly bytes: Buffer; readonly read: number };

const fromHex: AsciiDecoder = (data, into) => {
  let length = 0;
  let high = -1;
  let read = 0;
  for (const code of data.subarray(0, asciiMax)) {
    if (code === 0x3e || length === into.length) break;
    read += 1;
    const digit = hexDigit(code);
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
      continue;
    }
    into[length] = high * 16 + digit;
    length += 1;
    high = -1;
  }
  return { bytes: into.subarray(0, length), read };
};

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** @see https://opensource.adobe.com/dc-acrobat-sdk-docs/standards/pdfstandards/pdf/PDF32000_2008.pdf (7.4.3) */
const fromBase85: AsciiDecoder = (data, into) => {
  let length = 0;
  let value = 0;
  let digits = 0;
  let read = 0;
  for (const code of data.subarray(0, asciiMax)) {
    if (code === 0x7e || length + 4 > into.length) break;
    read += 1;
    if (code <= 0x20) continue;
    if (code === 0x7a && digits === 0) {
      into.writeUInt32BE(0, length);
      length += 4;
      continue;
    }
    value = value * 85 + (code - 0x21);
    digits += 1;
    if (digits < 5) continue;
    into.writeUInt32BE(((value % 2 ** 32) + 2 ** 32) % 2 ** 32, length);
    length += 4;
    value = 0;
    digits = 0;
  }
  return { bytes: into.subarray(0, length), read };
};
