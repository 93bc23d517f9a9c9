/** Reads the file that a `data:` address is. @returns null for an address that cannot be read */
export function readDataAddress(url: string): Uint8Array | null {
  const comma = url.indexOf(",");
  if (!/^data:/i.test(url) || comma < 0) return null;
  const isBase64 = /;\s*base64\s*$/i.test(url.slice(0, comma));
  const content = url.slice(comma + 1);
  try {
    const text = content.includes("%") ? decodeURIComponent(content) : content;
    if (!isBase64) return Buffer.from(text);
    return /^[\w+/\-\s]*=*\s*$/.test(text) ? Buffer.from(text, "base64") : null;
  } catch {
    return null;
  }
}
