const safeProtocols = new Set(["http:", "https:", "mailto:"]);

/**
 * The address of a link in an answer, if it may be followed: web pages and mail. Everything
 * that could run as code in this page is refused, and so are paths of this site, which an answer
 * has no reason to know.
 */
export function safeUrl(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return safeProtocols.has(url.protocol) ? url.href : undefined;
}
