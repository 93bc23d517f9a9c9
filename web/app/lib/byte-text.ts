const units = ["KB", "MB", "GB", "TB"] as const;

/** Formats a size with 1,024 bytes to a KB: "980 bytes", "12 KB", "3.4 MB". */
export function byteText(bytes: number): string {
  if (bytes < 1_024) return bytes === 1 ? "1 byte" : `${Math.max(0, Math.round(bytes))} bytes`;
  let value = bytes / 1_024;
  let unit = 0;
  // A value that rounds to 1,024 moves to the next unit.
  while (value >= 1_023.5 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  const digits = unit > 0 && value < 100 ? 1 : 0;
  return `${Number(value.toFixed(digits)).toLocaleString("en")} ${units[unit]}`;
}
