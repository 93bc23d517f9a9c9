import { isPictureType } from "../../contracts/uploads.ts";

/**
 * The headers of every served file. A file opened in its own window gets a page that can neither
 * run nor load anything, and browsers cannot guess another type.
 *
 * @param name as displayed
 */
export function fileHeaders(file: {
  readonly name: string;
  readonly mediaType: string;
  readonly etag: string;
  readonly createdAt: number;
  readonly isDownload: boolean;
}): Record<string, string> {
  const { name, mediaType, etag, createdAt } = file;
  const isInline = !file.isDownload && (isPictureType(mediaType) || mediaType === "text/plain");
  return {
    "content-type": mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType,
    "content-disposition": disposition(isInline ? "inline" : "attachment", name),
    "x-content-type-options": "nosniff",
    "content-security-policy":
      "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; sandbox; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    // Cached, but revalidated each time, so that losing access takes effect at once.
    "cache-control": "private, no-cache",
    vary: "cookie, authorization",
    "accept-ranges": "bytes",
    etag,
    "last-modified": new Date(createdAt).toUTCString(),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
function disposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Whether one of the tags in `If-None-Match` (or `If-Range`) matches. */
export function hasTag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((tag) => {
    const plain = tag.trim().replace(/^W\//, "");
    return plain === etag || plain === "*";
  });
}
