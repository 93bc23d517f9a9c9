import { cutText } from "../../../contracts/cut-text.ts";
import { limits } from "../../../contracts/limits.ts";

/** Control characters, and characters that are invisible or change the direction of text. */
const unseen =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd]|\p{Cs}/gu;

/** Matches the extension with its dot. */
const endingPattern = /\.([\p{L}\p{N}_+-]{1,16})$/u;

/**
 * Cleans a file name for display: removes folders, invisible and misleading characters, and
 * shortens the name while it keeps the extension.
 *
 * @param fallback the name of a file whose name has nothing left
 */
export function cleanFileName(name: string, fallback: string): string {
  const base = name.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .replace(/[\r\n\t\u2028\u2029]/g, " ")
    .replace(unseen, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/\s+/g, " ")
    // Trailing dots and spaces, which operating systems drop.
    .replace(/^\s+|[\s.]+$/g, "");
  return clean === "" ? fallback : shorten(clean);
}

/** The extension in lower case, without the dot; "" for none. */
export function endingOf(name: string): string {
  return endingPattern.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** Shortens a name at a grapheme boundary and keeps the extension. */
function shorten(name: string): string {
  const max = limits.fileNameMaxLength;
  if (name.length <= max) return name;
  const ending = endingPattern.exec(name)?.[0] ?? "";
  const tail = `…${ending}`;
  return cutText(name, max - tail.length).trimEnd() + tail;
}
