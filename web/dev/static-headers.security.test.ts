import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("static files have the security headers too", () => {
  const rules = readFileSync(new URL("../public/_headers", import.meta.url), "utf8");
  const [, everywhere = ""] = /^\/\*\n((?: {2}.*\n)+)/m.exec(rules) ?? [];
  expect(everywhere).toContain("Strict-Transport-Security: max-age=31536000; includeSubDomains");
  expect(everywhere).toContain(
    "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(everywhere).toContain("Permissions-Policy: camera=(), geolocation=(), microphone=()");
  expect(everywhere).toContain("X-Content-Type-Options: nosniff");
});

test("any origin may read Python's files, for good, and no other static file", () => {
  const rules = readFileSync(new URL("../public/_headers", import.meta.url), "utf8");
  const open = rules.split(/\n(?=\/)/).filter((rule) => rule.includes("Access-Control"));
  expect(open).toEqual([
    "/pyodide/*\n  Cache-Control: public, max-age=31536000, immutable\n  Access-Control-Allow-Origin: *\n",
  ]);
});
