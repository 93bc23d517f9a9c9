/**
 * Reads rules of a `_routes.json` as Pages does: `/`, `/*`, `/files/*` or `/robots.txt`.
 *
 * @returns a pattern that matches the whole path of a URL to which one of the rules applies
 */
export function toPattern(rules: readonly string[]): RegExp {
  const patterns = rules.map((rule) => {
    if (rule === "/" || rule === "/*") return quote(rule);
    // A rule for a folder includes the folder's own path, and a trailing slash makes no difference.
    if (rule.endsWith("/*")) return `${quote(rule.slice(0, -2))}(?:/.*)?`;
    return rule.endsWith("*") ? quote(rule) : `${quote(rule.replace(/\/$/, ""))}/?`;
  });
  return new RegExp(`^(?:${patterns.join("|")})$`);
}

function quote(rule: string): string {
  return rule
    .split("*")
    .map((text) => text.replace(/[.+?^$()[\]{}|\\]/g, "\\$&"))
    .join(".*");
}
