import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fromRoot } from "./lib/paths.ts";
import {
  runVitest,
  securityFilter,
  securityProjects,
  tally,
  testProjects,
} from "./lib/test-run.ts";
import { lanes, lastProjects } from "./lib/whole-run.ts";

test("passed and failed tests are counted as reported, and the failed ones are named", () => {
  expect(tally("db", 0, { passed: 7, failures: [] })).toEqual({ passed: 7, failures: [] });
  expect(tally("db", 1, { passed: 5, failures: ["a.test.ts: one", "b.test.ts: two"] })).toEqual({
    passed: 5,
    failures: ["db: a.test.ts: one", "db: b.test.ts: two"],
  });
});

test("a runner that leaves no report has failed, whatever its exit code", () => {
  for (const exitCode of [0, 1]) {
    const failure = `db: the runner ended without a report (exit code ${exitCode})`;
    expect(tally("db", exitCode, undefined)).toEqual({ passed: 0, failures: [failure] });
  }
});

test("an exit code other than 0 and a run without a single test have failed", () => {
  const ended = (passed: number, exitCode: number) =>
    `db: the runner ended after ${passed} tests that passed (exit code ${exitCode})`;
  expect(tally("db", 1, { passed: 7, failures: [] }).failures).toEqual([ended(7, 1)]);
  expect(tally("db", 0, { passed: 0, failures: [] }).failures).toEqual([ended(0, 0)]);
});

test("tests, hooks, files and errors outside of them are named when they fail", async () => {
  const directory = mkdtempSync(join(tmpdir(), "failing-tests-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const globals = "const { test, beforeAll, describe } = globalThis;\n";
  const files = {
    "good.test.ts": 'test("holds", () => {});',
    "bad.test.ts": 'test("breaks", () => { throw new Error("one"); });',
    "hook.test.ts":
      'describe("d", () => { beforeAll(() => { throw new Error("two"); }); test("t", () => {}); });',
    "unloadable.test.ts": 'throw new Error("three");',
    "outside.test.ts": `test("leaves a promise", async () => {
      Promise.reject(new Error("four"));
      await new Promise((resolve) => setTimeout(resolve, 1));
    });`,
    "vitest.config.ts": "export default { test: { globals: true } };",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), name.includes(".test.") ? globals + text : text);
  }
  const { exitCode, report } = await runVitest(directory, [], () => {});
  expect(exitCode).toBe(1);
  expect(report?.passed).toBe(2);
  expect(report?.failures.toSorted()).toEqual([
    "bad.test.ts: breaks",
    "hook.test.ts: Error: two",
    "outside of the tests: Error: four",
    "unloadable.test.ts: Error: three",
  ]);
});

test("a whole run has every project once", () => {
  expect([...lanes.flat(), ...lastProjects].sort()).toEqual(Object.keys(testProjects).sort());
});

test("the run of the attacks reaches every file of that name", () => {
  const folders = ["api-worker/src", "api-worker/conformance", "db/src", "scripts"];
  const found = ["web/app", "web/dev", "web/e2e", ...folders].flatMap((folder) =>
    globSync(`${folder}/**/*${securityFilter}*`, { cwd: fromRoot(".") }),
  );
  const isReached = (file: string) =>
    securityProjects.some((project) => file.startsWith(`${testProjects[project]}/`));
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((file) => !isReached(file))).toEqual([]);
  for (const project of securityProjects) {
    const own = found.filter((file) => file.startsWith(`${testProjects[project]}/`));
    expect(own, project).not.toEqual([]);
  }
});
