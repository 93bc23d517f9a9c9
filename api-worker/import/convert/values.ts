/** Reads the values of the source's rows, all of which are text. */
import { cutText } from "../../src/contracts/cut-text.ts";

/** Whether a row's boolean is true, as Postgres and JSON write it. */
export function isTrue(value: string | null | undefined): boolean {
  return value === "t" || value === "true" || value === "1";
}

const cutPair = /[\ud800-\udfff]/;

/** The text without what D1 does not store: NUL, and half of a surrogate pair. */
export function mended(text: string): string {
  const whole = cutPair.test(text) ? text.toWellFormed() : text;
  return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}

/** A value of JSON with all of its texts mended, names of fields included. */
export function mendedValue(value: unknown): unknown {
  if (typeof value === "string") return mended(value);
  if (Array.isArray(value)) return value.map(mendedValue);
  if (!isRecord(value)) return value;
  // Built from entries, because an assignment to the name `__proto__` would set no field.
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [mended(name), mendedValue(field)]),
  );
}

/** Whether the text of a JSON value can have what has to be mended: such characters are escaped. */
export function needsMending(json: string): boolean {
  return /\\u(?:0000|d[89a-f])/i.test(json) || mended(json) !== json;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !exactJson.isRawJSON(value)
  );
}

/** The newest functions of `JSON`, which TypeScript's library does not have yet. */
const exactJson = JSON as typeof JSON & {
  /** A value that `JSON.stringify` writes as this text. */
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

/** What a number looks like that JavaScript's numbers may not hold. */
const longNumber = /[\d.]{16}|(?:^|[:[,\s])-?\d+(?:\.\d+)?[eE][+-]?\d{3}/;

/** Reads JSON. A number that would lose digits stays the text that it is. */
function parseExactly(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  const reviver = (_name: string, value: unknown, context: { readonly source?: string }) => {
    const { source } = context;
    const isKept = typeof value !== "number" || source === undefined || isExact(value, source);
    return isKept ? value : exactJson.rawJSON(source);
  };
  return JSON.parse(text, reviver as (name: string, value: unknown) => unknown);
}

/** Fifteen digits survive in a number that is neither too large nor too small for all of them. */
function isExact(value: number, source: string): boolean {
  if (String(value) === source) return true;
  const digits = source
    .replace(/[eE].*/, "")
    .replaceAll(/\D/g, "")
    .replace(/^0+|0+$/g, "");
  const size = Math.abs(value);
  return digits === "" || (digits.length <= 15 && size > 1e-290 && size < 1e290);
}

/** Whether objects and arrays are nested in a value more than so many levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** More levels than this are kept as text: writing them as JSON again could end in a stack that is too deep. */
const levelsMax = 500;

/** A column with JSON: its value with all of its texts mended, or the text of one that cannot be read. */
export type ReadJson =
  | { readonly value: unknown; readonly isMended: boolean }
  | { readonly raw: string };

/** Reads a column with JSON; NULL is the value null. */
export function readJson(text: string | null | undefined): ReadJson {
  if (text == null) return { value: null, isMended: false };
  try {
    const value = parseExactly(text);
    const canBeDeep = text.length > 2 * levelsMax;
    if (canBeDeep && isDeeperThan(value, levelsMax)) return { raw: mended(text) };
    const isMended = needsMending(text);
    return { value: isMended ? mendedValue(value) : value, isMended };
  } catch {
    return { raw: mended(text) };
  }
}

/** The title of a chat or a document, as the product's own rules for titles want it. */
export function titleOf(text: string | null | undefined, maxLength: number): string {
  return cutText(mended(text ?? "").trim(), maxLength).trim() || "Untitled";
}

/** The length of a text's UTF-8 form. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** The beginning of a text, in whole graphemes. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  // A UTF-16 unit has at most three bytes of UTF-8.
  let length = Math.min(text.length, maxBytes);
  let bytes = bytesOf(text.slice(0, length));
  while (bytes > maxBytes) {
    length -= Math.ceil((bytes - maxBytes) / 3);
    bytes = bytesOf(text.slice(0, length));
  }
  return cutText(text, length);
}
