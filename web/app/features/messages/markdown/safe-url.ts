const safeProtocols = new Set(["http:", "https:", "mailto:"]);

/**
 * The address of a link in an answer, if it is safe to follow: web pages and mail. Refuses
 * everything that could run as code in this page, and paths of this site, which an answer has no
 * reason to link to.
 */
export function safeUrl(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return safeProtocols.has(url.protocol) ? url.href : undefined;
}
