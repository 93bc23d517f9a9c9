import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { experimental_readRawConfig } from "wrangler";
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

const routes = JSON.parse(readFileSync(fromRoot("web/public/_routes.json"), "utf8"));

test("the product's own rules leave its static files to Pages, and nothing else", () => {
  const included = toPattern(routes.include);
  const excluded = toPattern(routes.exclude);
  const isForFunctions = (path: string) => included.test(path) && !excluded.test(path);
  // The server does not look for static files.
  const own = readdirSync(fromRoot("web/public")).filter((name) => !name.startsWith("_"));
  expect(own).toContain("robots.txt");
  const files = [
    "/assets/entry-abc.js",
    "/pyodide/314.0.7/pyodide.mjs",
    ...own.map((name) => `/${name}`),
  ];
  const dynamic = [
    "/",
    "/login",
    "/chat/1",
    "/trpc/auth.me",
    "/files/1",
    "/v1/streams",
    "/run/python",
    "/run/packages/314.0.7/numpy-2.4.6.whl",
  ];
  expect([...files, ...dynamic].filter(isForFunctions)).toEqual(dynamic);
});

interface WebConfig {
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly services: unknown;
  readonly pages_build_output_dir?: string;
  readonly assets?: { readonly directory: string; readonly run_worker_first: readonly string[] };
  readonly env: Readonly<Record<string, { readonly services: unknown }>>;
}

test("both homes of the web app serve the same files and run the same server", () => {
  const [pages, worker] = ["web/wrangler.toml", "web/wrangler.worker.toml"].map(
    (path) =>
      experimental_readRawConfig({ config: fromRoot(path) }).rawConfig as unknown as WebConfig,
  );
  const server = (config: WebConfig | undefined, staging: string) => ({
    date: config?.compatibility_date,
    flags: config?.compatibility_flags,
    services: config?.services,
    stagingServices: config?.env[staging]?.services,
  });
  expect(server(worker, "staging")).toEqual(server(pages, "preview"));
  expect(worker?.assets?.directory).toBe(pages?.pages_build_output_dir);
  expect(worker?.assets?.run_worker_first).toEqual([
    ...routes.include,
    ...routes.exclude.map((rule: string) => `!${rule}`),
  ]);
});
