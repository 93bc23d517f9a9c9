import type { Context } from "../../../context.ts";
import { isLoopbackUrl } from "../../../platform/local-machine.ts";

/**
 * The session cookie. `__Host-` makes the browser refuse a cookie that was set by a sibling domain
 * or over plain HTTP. On the viewer's own machine, where there is no HTTPS, the cookie has a plain
 * name. Over plain HTTP anywhere else the browser drops it, so no session is sent in clear text.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
function cookieKind(url: URL): { readonly name: string; readonly isSecure: boolean } {
  return url.protocol === "http:" && isLoopbackUrl(url)
    ? { name: "session", isSecure: false }
    : { name: "__Host-session", isSecure: true };
}

/** @returns the token in the request's session cookie; null without such a cookie */
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

/** The response that gets a cookie: its headers, and the URL of the request. */
export interface CookieTarget {
  readonly url: URL;
  readonly resHeaders: Headers;
}

export function cookieTarget({ request, resHeaders }: Context): CookieTarget {
  return { url: request.url, resHeaders };
}

/** Sets the session cookie on a response. A later call replaces an earlier one. */
export function setSessionCookie(target: CookieTarget, token: string, maxAgeSeconds: number): void {
  const { name, isSecure } = cookieKind(target.url);
  const attributes = [`Max-Age=${maxAgeSeconds}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  if (isSecure) attributes.push("Secure");
  target.resHeaders.set("set-cookie", [`${name}=${token}`, ...attributes].join("; "));
}

/** Deletes the session cookie from the browser. */
export function clearSessionCookie(target: CookieTarget): void {
  setSessionCookie(target, "", 0);
}
