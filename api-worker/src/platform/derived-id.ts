import { sha256Hex } from "./sha256.ts";

/**
 * The id that belongs to a name: the same name has always the same id.
 *
 * @returns a UUID of version 8, as RFC 9562 has it for ids of one's own making
 */
export function derivedId(name: string): string {
  const hex = sha256Hex(name);
  const [a, b, c, d, e] = [0, 8, 13, 17, 20].map((at, index) =>
    hex.slice(at, at + ([8, 4, 3, 3, 12][index] ?? 0)),
  );
  return `${a}-${b}-8${c}-a${d}-${e}`;
}
