import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "./lib/paths.ts";
import { securityFilter, securityProjects, tally, testProjects } from "./lib/test-run.ts";
import { lanes, lastProjects } from "./lib/whole-run.ts";

/** A report of one file, whose first tests have failed. */
const report = (
  numPassedTests: number,
  numFailedTests: number,
  success = numFailedTests === 0,
) => ({
  numPassedTests,
  success,
  testResults: [
    {
      name: "/a/checkout/db/src/a.test.ts",
      assertionResults: Array.from({ length: numFailedTests + numPassedTests }, (_, index) => ({
        fullName: `test ${index + 1}`,
        status: index < numFailedTests ? "failed" : "passed",
      })),
    },
  ],
});
const outside = { failures: ["db: failed outside of its tests"] };

test("passed and failed tests are counted as reported, and the failed ones are named", () => {
  expect(tally("db", 0, report(7, 0))).toEqual({ passed: 7, failures: [] });
  expect(tally("db", 1, report(5, 2))).toEqual({
    passed: 5,
    failures: ["db: a.test.ts: test 1", "db: a.test.ts: test 2"],
  });
});

test("a runner that leaves no report has failed, whatever its exit code", () => {
  expect(tally("db", 1, undefined)).toEqual({ passed: 0, ...outside });
  expect(tally("db", 0, undefined)).toEqual({ passed: 0, ...outside });
});

test("an error outside of any test fails the run", () => {
  expect(tally("db", 1, report(7, 0))).toEqual({ passed: 7, ...outside });
  expect(tally("db", 0, report(7, 0, false))).toEqual({ passed: 7, ...outside });
});

test("a run without a single test has failed", () => {
  expect(tally("db", 0, report(0, 0))).toEqual({ passed: 0, ...outside });
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
