/** Values of the source's rows, as the target can hold them. */
import { isList, isObject, type Json, type JsonObject, readJson } from "../canonical-json.ts";

/** Text without NUL, and with U+FFFD in place of half a surrogate pair: neither can be stored. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** A JSON value whose texts and names of fields can all be stored. */
export function storableJson(value: Json): Json {
  if (typeof value === "string") return storable(value);
  if (isList(value)) return value.map(storableJson);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    storable(name),
    field === undefined ? undefined : storableJson(field),
  ]);
  return Object.fromEntries(fields) as JsonObject;
}

/** Reads a JSON column. What is no JSON is its own text; NULL is null. */
export function readColumn(text: string | null | undefined): Json {
  if (text == null) return null;
  try {
    return storableJson(readJson(text));
  } catch {
    return storable(text);
  }
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The longest beginning of whole graphemes that has so many UTF-16 units. */
export function beginningOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > maxUnits) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** A title: up to 120 units, never empty. */
export function titleFrom(text: string | null | undefined): string {
  return beginningOf(storable(text ?? "").trim(), 120).trim() || "Untitled";
}

/** Whether a boolean is true, as Postgres writes it in text and in JSON. */
export function isYes(text: string | null | undefined): boolean {
  return text === "t" || text === "true";
}

const idPattern =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-(0{4}-){3}0{12}|f{8}-(f{4}-){3}f{12})$/;

/** Whether an id can stay as it is: a UUID of RFC 9562 in lower case. */
export function canStay(id: string): boolean {
  return idPattern.test(id);
}
