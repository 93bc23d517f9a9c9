/**
 * JSON in one form, so that two texts with the same data are the same text: keys in order, no
 * spaces, numbers by their exact decimal value. JavaScript's numbers would hide a changed digit of a
 * long one, so a text that has such numbers is read with the text of each.
 */

/** A number as it was written, which JavaScript's numbers cannot hold. */
export class ExactNumber {
  /** The value: digits without zeros at either end, `e`, and the power of ten. */
  readonly decimal: string;

  constructor(decimal: string) {
    this.decimal = decimal;
  }
}

export type Json =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

export type JsonObject = { readonly [name: string]: Json | undefined };

/** Many digits, an exponent, a fraction that ends in zero, or minus zero. */
const unusualNumber = /\d{16}|\d[eE]|\.\d*0(?!\d)|-0/;

/**
 * Reads a JSON text.
 *
 * @throws SyntaxError for a text that is not JSON
 */
export function readJson(text: string): Json {
  if (!unusualNumber.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, exactNumbers as (key: string, value: unknown) => unknown) as Json;
}

function exactNumbers(
  _key: string,
  value: unknown,
  context: { readonly source?: string } | undefined,
): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  const decimal = decimalOf(context.source);
  return decimal === decimalOf(String(value)) ? value : new ExactNumber(decimal);
}

/** The exact value of a number's text; equal for `1.0`, `1` and `10e-1`. */
export function decimalOf(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = BigInt(exponent) - BigInt(fraction.length - (digits.length - significant.length));
  return `${sign}${significant}e${power}`;
}

/** The one text of a value. Fields that are undefined are left out. */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? String(value) : decimalOf(String(value));
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof ExactNumber) return value.decimal;
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${canonicalJson(field)}`);
  }
  return `{${fields.join(",")}}`;
}

/** The one text of a JSON text; of a text that is not JSON, the text itself behind a mark. */
export function canonicalText(text: string): string {
  try {
    return canonicalJson(readJson(text));
  } catch {
    return `not JSON: ${text}`;
  }
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactNumber)
  );
}
