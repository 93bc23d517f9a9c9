import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { fromRoot, rootDir } from "./lib/paths.ts";

/** Folders with installed, built or stored files, which are not part of the project. */
const ignored = [
  ...["node_modules", "build", "dist", "test-results"],
  ...[".git", ".wrangler", ".react-router"],
];

const files = globSync("**/*", {
  cwd: rootDir,
  exclude: ignored.map((name) => `**/${name}`),
}).filter((path) => statSync(fromRoot(path)).isFile());
const documents = files.filter((path) => path.endsWith(".md")).sort();
const decisions = documents.filter((path) => path.startsWith("docs/decisions/"));

const read = (path: string) => readFileSync(fromRoot(path), "utf8");
const isSuperseded = (path: string) => /Status: superseded/.test(read(path));

/** @returns the anchors that GitHub generates for the headings of a document */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** @returns a document's relative links that lead to a missing file or heading */
function findBrokenLinks(path: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(fromRoot(target))) return true;
    return anchor !== undefined && !anchorsOf(file === "" ? text : read(target)).includes(anchor);
  });
}

/**
 * @returns the files and folders that a document names in code marks, by a part of their path, and
 *   that are missing
 */
function findLostFiles(text: string): string[] {
  const named = [...text.matchAll(/`([\w.[\]/-]+(?:\.(?:ts|tsx|sql|toml)|\/))`/g)];
  return named
    .map(([, name = ""]) => name)
    .filter((name) => !ignored.includes(name.split("/")[0] ?? ""))
    .filter(
      (name) =>
        !files.some((path) => `/${path}/`.includes(name.endsWith("/") ? `/${name}` : `/${name}/`)),
    );
}

test("broken links and missing files are found", () => {
  const text = [
    "# One (two)",
    "[a](#one-two) [b](#three) [c](docs/faults.md#random-runs) [d](docs/none.md)",
    "[e](docs/faults.md#none) [f](https://example.com/none.md)",
    "`scripts/docs.test.ts`, `docs.test.ts`, `scripts/none.ts`, `none.sql`, `ctx.home`",
    "`scripts/lib/`, `lib/`, `scripts/none/`, `/trpc`",
  ].join("\n");
  expect(findBrokenLinks("README.md", text)).toEqual([
    "#three",
    "docs/none.md",
    "docs/faults.md#none",
  ]);
  expect(findLostFiles(text)).toEqual(["scripts/none.ts", "none.sql", "scripts/none/"]);
});

test.each(documents)("the links of %s lead to existing files and headings", (path) => {
  expect(findBrokenLinks(path, read(path))).toEqual([]);
});

test.each(documents.filter((path) => !isSuperseded(path)))(
  "the files that %s names exist",
  (path) => {
    expect(findLostFiles(read(path))).toEqual([]);
  },
);

test("each decision has a number of its own, a date, a status and three parts", () => {
  expect(decisions.length).toBeGreaterThan(20);
  const numbers = decisions.map((path) => path.replace(/^.*\/(\d{4})-[^/]*$/, "$1"));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const [index, path] of decisions.entries()) {
    const text = read(path);
    const [, number, successor = number] =
      /^# (\d{4}): \S.*\n\nDate: \d{4}-\d\d-\d\d · Status: (?:accepted|superseded by (\d{4}))\n/.exec(
        text,
      ) ?? [];
    expect({ path, number }).toEqual({ path, number: numbers[index] });
    expect(numbers).toContain(successor);
    const parts = anchorsOf(text);
    expect(parts).toEqual(expect.arrayContaining(["context", "decision", "consequences"]));
  }
});

test.each([
  ["worker", "api-worker/src/platform/log-events.ts"],
  ["page server", "web/app/lib/log.server.ts"],
])("the log events of the %s are `feature.what_happened`, each with its meaning", (name, path) => {
  const [, union = ""] = /type LogEvent =([^;]+);/.exec(read(path)) ?? [];
  const events = [...union.matchAll(/"(.*?)"/g)].map(([, event = ""]) => event);
  expect(events.length).toBeGreaterThan(0);
  expect(events.filter((event) => !/^[a-z]+\.[a-z]+(_[a-z]+)*$/.test(event))).toEqual([]);
  const [, table = ""] = read("docs/operations.md").split(`| event of the ${name} |`);
  const [rows = ""] = table.split("\n\n");
  const explained = [...rows.matchAll(/^\| `(.+?)` \|/gm)].map(([, event = ""]) => event);
  expect(explained.sort()).toEqual(events.sort());
});
