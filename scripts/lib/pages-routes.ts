/**
 * Reads rules of a `_routes.json` as Pages does: `/`, `/*`, `/files/*` or `/robots.txt`.
 *
 * @returns what matches the whole path of a URL when one of the rules does
 */
export function toPattern(rules: readonly string[]): RegExp {
  const patterns = rules.map((rule) => {
    if (rule === "/" || rule === "/*") return quote(rule);
    // A folder means its own path too, and a path is the same with a slash at its end.
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
