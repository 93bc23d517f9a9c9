/** An address that no page has: what stays on this origin was a local path. */
const base = "http://local.invalid";

/**
 * Where to go after the login. Only a path of this site is followed: a link to our login page must
 * not lead to somebody else's.
 *
 * @param value `next` from the query string or the form
 * @returns path with query and hash, starting with exactly one slash; "/" for anything else
 */
export function nextPath(value: unknown): string {
  // Browsers read "\" as "/", and drop tabs and line breaks: what has them is no path that we wrote.
  if (typeof value !== "string" || !value.startsWith("/") || /[\\\p{Cc}]/u.test(value)) return "/";
  if (!URL.canParse(value, base)) return "/";
  const url = new URL(value, base);
  // "/.//evil.example" is on this origin, but its path is not a path when it is used alone.
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}

/** The login page's address for a reader who asked for `url`. */
export function loginPath(url: URL): string {
  return withNext("/login", url.pathname + url.search);
}

/**
 * The address of a page that leads on to `next` afterwards.
 *
 * @param path path without a query
 * @param next local path
 */
export function withNext(path: string, next: string): string {
  return next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`;
}
