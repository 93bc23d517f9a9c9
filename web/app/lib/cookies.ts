/** Preferences that the server must know to render the page. Not secret, so scripts may write them. */
const yearInSeconds = 31_536_000;

/**
 * Reads one cookie.
 *
 * @param header the `Cookie` header, or `document.cookie`
 */
export function readCookie(header: string | null, name: string): string | null {
  for (const pair of header?.split(";") ?? []) {
    const [key, ...rest] = pair.split("=");
    if (key?.trim() !== name) continue;
    try {
      return decodeURIComponent(rest.join("=").trim());
    } catch {
      return null;
    }
  }
  return null;
}

/** Stores a preference for a year, or removes it when `value` is null. Browser only. */
export function writeCookie(name: string, value: string | null): void {
  const maxAge = value === null ? 0 : yearInSeconds;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${name}=${encodeURIComponent(value ?? "")}; Path=/; Max-Age=${maxAge}; SameSite=Lax${secure}`;
}
