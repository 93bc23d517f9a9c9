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

/**
 * Where a link leads, when its text does not say so: the host of a page, or an address for mail.
 *
 * @param label the text of the link
 */
export function hiddenTarget(href: string, label: string): string | undefined {
  const url = new URL(href);
  const target = url.protocol === "mailto:" ? decode(url.pathname) : url.host;
  const text = label.trim().replace(/^mailto:/i, "");
  if (url.protocol === "mailto:") return text === target ? undefined : target;
  const shown = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const isShown = !/\s/.test(text) && URL.canParse(shown) && new URL(shown).host === url.host;
  return isShown ? undefined : target;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
