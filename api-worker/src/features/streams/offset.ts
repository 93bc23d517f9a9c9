/** Offsets as clients see them: opaque to them, and in the order of the stream as plain text. */

const digits = 16;
const pattern = /^\d{16}$/;

export function formatOffset(offset: number): string {
  return String(offset).padStart(digits, "0");
}

/** @returns null for what is no offset of ours */
export function parseOffset(text: string): number | null {
  const offset = pattern.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : null;
}
