/** Preferences that the server must know to render the page. Not secret, so scripts may write them. */
const yearInSeconds = 31_536_000;
/** Browsers take such a cookie only from this host, over HTTPS. */
const hostPrefix = "__Host-";

/**
 * Reads one cookie.
 *
 * @param header the `Cookie` header, or `document.cookie`
 */
function readCookie(header: string | null, name: string): string | null {
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

/**
 * Reads a preference that {@link writePreference} has stored.
 *
 * @param header the `Cookie` header, or `document.cookie`
 */
export function readPreference(header: string | null, name: string): string | null {
  return readCookie(header, hostPrefix + name) ?? readCookie(header, name);
}

/**
 * Stores a preference for a year, or removes it when `value` is null. Browser only. Over HTTPS its
 * name has the prefix that keeps other hosts of the domain from setting it.
 */
export function writePreference(name: string, value: string | null): void {
  if (location.protocol === "https:") {
    setCookie(hostPrefix + name, value, "; Secure");
    // Stored before names had the prefix.
    if (readCookie(document.cookie, name) !== null) setCookie(name, null, "; Secure");
  } else {
    setCookie(name, value, "");
  }
}

function setCookie(name: string, value: string | null, secure: string): void {
  const maxAge = value === null ? 0 : yearInSeconds;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${name}=${encodeURIComponent(value ?? "")}; Path=/; Max-Age=${maxAge}; SameSite=Lax${secure}`;
}
