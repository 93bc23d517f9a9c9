/** An origin that no page has. A value that resolves to this origin was a local path. */
const base = "http://local.invalid";

/**
 * The path to go to after login. Only paths of this site are followed, so that a link to our login
 * page cannot lead to another site.
 *
 * @param value `next` from the query string or the form
 * @returns path with query and hash, starting with exactly one slash; "/" for anything else
 */
export function nextPath(value: unknown): string {
  // Browsers read "\" as "/" and drop tabs and line breaks. We never write paths with them.
  if (typeof value !== "string" || !value.startsWith("/") || /[\\\p{Cc}]/u.test(value)) return "/";
  if (!URL.canParse(value, base)) return "/";
  const url = new URL(value, base);
  // "/.//evil.example" resolves to this origin, but its path "//evil.example" leads elsewhere.
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search + url.hash;
}

/** The address of the login page for a request of `url`. */
export function loginPath(url: URL): string {
  return withNext("/login", url.pathname + url.search);
}

/**
 * The address of a page that leads to `next` afterwards.
 *
 * @param path path without a query
 * @param next local path
 */
export function withNext(path: string, next: string): string {
  return next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`;
}
