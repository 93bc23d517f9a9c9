import type { Context } from "../../../context.ts";
import { isLoopbackUrl } from "../../../platform/local-machine.ts";

const sessionName = "session";

/**
 * The name and kind of a cookie. `__Host-` makes the browser refuse a cookie that was set by a
 * sibling domain or over plain HTTP. On the viewer's own machine, where there is no HTTPS, the
 * cookie has a plain name. Over plain HTTP anywhere else the browser drops it, so no session is sent
 * in clear text.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
function cookieKind(url: URL, name: string): { readonly name: string; readonly isSecure: boolean } {
  return url.protocol === "http:" && isLoopbackUrl(url)
    ? { name, isSecure: false }
    : { name: `__Host-${name}`, isSecure: true };
}

/** @returns the token in the request's session cookie; null without such a cookie */
export function readSessionCookie(request: Request, url: URL): string | null {
  return readCookie(request, url, sessionName);
}

/**
 * Reads one of our cookies.
 *
 * @param plainName without the prefix that it has over HTTPS
 */
export function readCookie(request: Request, url: URL, plainName: string): string | null {
  const { name } = cookieKind(url, plainName);
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

export function cookieTarget({
  request,
  resHeaders,
}: Pick<Context, "request" | "resHeaders">): CookieTarget {
  return { url: request.url, resHeaders };
}

/** Sets the session cookie on a response. A later call replaces an earlier one. */
export function setSessionCookie(target: CookieTarget, token: string, maxAgeSeconds: number): void {
  setCookie(target, sessionName, token, maxAgeSeconds);
}

/** Deletes the session cookie from the browser. */
export function clearSessionCookie(target: CookieTarget): void {
  setSessionCookie(target, "", 0);
}

/**
 * Sets a cookie that scripts cannot read. A later call for the same name replaces an earlier one.
 *
 * @param plainName without the prefix that it gets over HTTPS
 */
export function setCookie(
  { url, resHeaders }: CookieTarget,
  plainName: string,
  value: string,
  maxAgeSeconds: number,
): void {
  const { name, isSecure } = cookieKind(url, plainName);
  const attributes = [`Max-Age=${maxAgeSeconds}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  if (isSecure) attributes.push("Secure");
  const others = resHeaders.getSetCookie().filter((cookie) => !cookie.startsWith(`${name}=`));
  resHeaders.delete("set-cookie");
  for (const cookie of [...others, [`${name}=${value}`, ...attributes].join("; ")]) {
    resHeaders.append("set-cookie", cookie);
  }
}
