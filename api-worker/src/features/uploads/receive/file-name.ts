import { limits } from "../../../contracts/limits.ts";

/** Control characters, and those that turn the direction of text or cannot be seen. */
const unseen =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd]|\p{Cs}/gu;

const segmenter = new Intl.Segmenter();

/**
 * A file's name as it can be shown: without the folders that it came from, without what cannot be
 * seen or makes a name look like another, and not too long; the ending stays.
 *
 * @param fallback the name of one that has none left
 */
export function cleanFileName(name: string, fallback: string): string {
  const base = name.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .replace(/[\r\n\t\u2028\u2029]/g, " ")
    .replace(unseen, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/\s+/g, " ")
    // No ends that an operating system would drop.
    .replace(/^\s+|[\s.]+$/g, "");
  return clean === "" ? fallback : shorten(clean);
}

/** The ending of a name in small letters, without the dot; "" when it has none. */
export function endingOf(name: string): string {
  return /\.([\p{L}\p{N}_+-]{1,16})$/u.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** Cuts in the middle of no character, however it is put together, and keeps the ending. */
function shorten(name: string): string {
  const max = limits.fileNameMaxLength;
  if (name.length <= max) return name;
  const ending = endingOf(name);
  const tail = ending === "" ? "…" : `….${name.slice(-ending.length)}`;
  let head = "";
  for (const { segment } of segmenter.segment(name)) {
    if (head.length + segment.length + tail.length > max) break;
    head += segment;
  }
  return head.trimEnd() + tail;
}
