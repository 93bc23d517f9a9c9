/** Names of files, as the product shows them. */
import { beginningOf } from "./text-values.ts";

const nameMax = 120;
const unseen =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd]/gu;

/** A name without folders, invisible characters and signs that file systems refuse. */
export function shownName(name: string, fallback: string): string {
  const base = name.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .replaceAll(/[\r\n\t\u2028\u2029]/g, " ")
    .replaceAll(unseen, "")
    .replaceAll(/[<>:"|?*]/g, "_")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^\s+|[\s.]+$/g, "");
  if (clean.length <= nameMax) return clean || fallback;
  const ending = /\.[\p{L}\p{N}_+-]{1,16}$/u.exec(clean)?.[0] ?? "";
  return `${beginningOf(clean, nameMax - 1 - ending.length).trimEnd()}…${ending}`;
}

/** The last name in an address's path; "" for none. */
export function nameInAddress(url: string): string {
  if (!/^https?:/i.test(url)) return "";
  const name = URL.parse(url)?.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
