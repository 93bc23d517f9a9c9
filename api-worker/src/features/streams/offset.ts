/** Offsets as clients see them: opaque, and sorted as text in the order of the stream. */

const digits = 16;
const pattern = /^\d{16}$/;

/** @returns 16 digits, padded with zeros */
export function formatOffset(offset: number): string {
  return String(offset).padStart(digits, "0");
}

/** @returns null for text that {@link formatOffset} did not make */
export function parseOffset(text: string): number | null {
  const offset = pattern.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : null;
}
