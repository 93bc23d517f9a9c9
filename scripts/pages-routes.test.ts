import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toPattern } from "./lib/pages-routes.ts";
import { fromRoot } from "./lib/paths.ts";

test.each([
  ["/", ["/"], ["/a", "/a/b"]],
  ["/*", ["/", "/a", "/a/b.js"], [""]],
  ["/files/*", ["/files", "/files/", "/files/a/b"], ["/", "/filesystem", "/a/files"]],
  ["/files*", ["/files", "/files/a", "/filesystem"], ["/", "/file"]],
  ["/icon.png", ["/icon.png", "/icon.png/"], ["/icon-png", "/a/icon.png", "/icon.png/a"]],
  ["/icon/", ["/icon", "/icon/"], ["/icon/a"]],
])("the rule %s matches the same paths as on Pages", (rule, meant, others) => {
  const pattern = toPattern(["/another", rule]);
  expect(meant.filter((path) => pattern.test(path))).toEqual(meant);
  expect(others.filter((path) => pattern.test(path))).toEqual([]);
});

test("the product's own rules leave its static files to Pages, and nothing else", () => {
  const routes = JSON.parse(readFileSync(fromRoot("web/public/_routes.json"), "utf8"));
  const included = toPattern(routes.include);
  const excluded = toPattern(routes.exclude);
  const isForFunctions = (path: string) => included.test(path) && !excluded.test(path);
  const files = [
    "/assets/entry-abc.js",
    "/pyodide/314.0.7/pyodide.mjs",
    "/favicon.svg",
    "/robots.txt",
  ];
  const dynamic = [
    "/",
    "/login",
    "/chat/1",
    "/trpc/auth.me",
    "/files/1",
    "/v1/streams",
    "/run/python",
  ];
  expect([...files, ...dynamic].filter(isForFunctions)).toEqual(dynamic);
});
