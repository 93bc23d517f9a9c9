import type { Context } from "../../../context.ts";
import { isLoopbackUrl } from "../../../platform/local-machine.ts";

/**
 * The session cookie. `__Host-` makes the browser refuse one that was set by a sibling domain or
 * over plain HTTP. Only on the reader's own machine, where there is no HTTPS, is it a plain one;
 * over plain HTTP elsewhere a browser drops the cookie, and no session is sent in clear.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
function cookieKind(url: URL): { readonly name: string; readonly isSecure: boolean } {
  return url.protocol === "http:" && isLoopbackUrl(url)
    ? { name: "session", isSecure: false }
    : { name: "__Host-session", isSecure: true };
}

/** @returns the token in the request's session cookie; null when there is no such cookie */
export function readSessionCookie(request: Request, url: URL): string | null {
  const { name } = cookieKind(url);
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const separator = pair.indexOf("=");
    if (separator > 0 && pair.slice(0, separator).trim() === name) {
      return pair.slice(separator + 1).trim();
    }
  }
  return null;
}

/** A response that cookies are put on: its headers, and the address that it is from. */
export interface CookieTarget {
  readonly url: URL;
  readonly resHeaders: Headers;
}

export function cookieTarget({ request, resHeaders }: Context): CookieTarget {
  return { url: request.url, resHeaders };
}

/** Puts the session cookie on a response, in place of any that was put there before. */
export function setSessionCookie(target: CookieTarget, token: string, maxAgeSeconds: number): void {
  const { name, isSecure } = cookieKind(target.url);
  const attributes = [`Max-Age=${maxAgeSeconds}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  if (isSecure) attributes.push("Secure");
  target.resHeaders.set("set-cookie", [`${name}=${token}`, ...attributes].join("; "));
}

/** Takes the session cookie out of the browser. */
export function clearSessionCookie(target: CookieTarget): void {
  setSessionCookie(target, "", 0);
}
