import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asvsRequirements } from "./lib/asvs-requirements.ts";
import { fromRoot, rootDir } from "./lib/paths.ts";

interface Row {
  readonly requirement: string;
  readonly level: string;
  readonly state: string;
  readonly reason: string;
}

const states = ["met", "not applicable", "open"];

const files = globSync("**/*", {
  cwd: rootDir,
  exclude: ["**/node_modules", "**/build", "**/.wrangler", "**/.git", "**/test-results"],
}).map((path) => `/${path}`);

/** @returns the rows of the page's tables */
function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (\d+\.\d+\.\d+) \(L(\d)\) \| .+? \| (.+?) \| (.+) \|$/gm)].map(
    ([, requirement = "", level = "", state = "", reason = ""]) => ({
      requirement,
      level,
      state,
      reason,
    }),
  );
}

/** @returns the files that a reason names in code marks, by the end of their path */
function filesIn(reason: string): string[] {
  const named = [...reason.matchAll(/`([\w.@/-]+\.(?:tsx?|toml|json|sql))`/g)];
  return named.map(([, name = ""]) => name);
}

const rows = rowsOf(readFileSync(fromRoot("docs/security-asvs.md"), "utf8"));

test("rows and the files in them are found", () => {
  const text = "| 1.2.3 (L2) | asks, for `this` | open | accounts: `a/b.test.ts`, `c.toml` `d` |";
  const [row] = rowsOf(text);
  expect(row).toMatchObject({ requirement: "1.2.3", level: "2", state: "open" });
  expect(filesIn(row?.reason ?? "")).toEqual(["a/b.test.ts", "c.toml"]);
});

test("each requirement of levels 1 and 2 has one row, with its level", () => {
  const { 1: first, 2: second } = asvsRequirements;
  expect([first.length, second.length]).toEqual([70, 183]);
  const listed = rows.map(({ requirement, level }) => `${requirement} L${level}`);
  const wanted = [...first.map((id) => `${id} L1`), ...second.map((id) => `${id} L2`)];
  expect(listed.sort()).toEqual(wanted.sort());
});

test("each row has one of the three states", () => {
  expect(rows.filter(({ state }) => !states.includes(state))).toEqual([]);
});

test("what is met names a file or a document, and every file that is named exists", () => {
  const met = rows.filter(({ state }) => state === "met");
  const bare = met.filter(
    ({ reason }) => filesIn(reason).length === 0 && !/\]\([\w./-]+\.md/.test(reason),
  );
  expect(bare).toEqual([]);
  const lost = rows.flatMap(({ requirement, reason }) =>
    filesIn(reason)
      .filter((name) => !files.some((path) => path.endsWith(`/${name}`)))
      .map((name) => `${requirement}: ${name}`),
  );
  expect(lost).toEqual([]);
});

test("what is open names the issue on accounts or the one on administration", () => {
  const open = rows.filter(({ state }) => state === "open");
  expect(open.filter(({ reason }) => !/^(accounts|administration)\b/.test(reason))).toEqual([]);
});
