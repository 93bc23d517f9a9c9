const mebibyte = 1024 * 1024;

/** A size for people: "5 MB". */
export function sizeText(bytes: number): string {
  const megabytes = bytes / mebibyte;
  if (megabytes >= 1) return `${Number(megabytes.toFixed(1))} MB`;
  return bytes >= 1_024 ? `${Math.round(bytes / 1_024)} KB` : `${bytes} bytes`;
}
