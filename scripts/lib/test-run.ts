import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "./paths.ts";
import { runInTerminal, runWithOutput } from "./processes.ts";

/** The vitest projects, in the order in which their output is printed. */
export const testProjects = {
  scripts: "scripts",
  db: "db",
  "api-worker": "api-worker",
  conformance: "api-worker/conformance",
  web: "web",
  e2e: "web/e2e",
} as const;

export type TestProject = keyof typeof testProjects;

/** The projects with attacks, which are files named `*.security.test.ts`. */
export const securityProjects = ["api-worker", "web", "e2e"] as const satisfies TestProject[];
export const securityFilter = ".security.test.";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
}

/**
 * Runs one project's tests.
 *
 * @param filters parts of file names, passed on to vitest
 * @param onOutput gets the output of the tests; without it they write to the terminal
 */
export async function runTestProject(
  project: TestProject,
  filters: readonly string[],
  onOutput?: (text: string) => void,
): Promise<Tally> {
  const directory = mkdtempSync(join(tmpdir(), "test-report-"));
  const reportFile = join(directory, "report.json");
  const args = [
    ...["run", ...filters, "--reporter=default", "--reporter=json"],
    `--outputFile.json=${reportFile}`,
  ];
  const cwd = fromRoot(testProjects[project]);
  try {
    const exitCode = onOutput
      ? await runWithOutput("vitest", args, { cwd, onOutput })
      : await runInTerminal("vitest", args, { cwd });
    return tally(exitCode, readReport(reportFile));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A runner that crashed has written no report, or half of one.
    return undefined;
  }
}

/**
 * Counts the tests of a run. A failure of the runner that no test shows (a crash, an unhandled
 * error, a file that could not be loaded) counts as one failed test, and so does a run without
 * tests.
 *
 * @param exitCode of the runner
 * @param report undefined when the runner left none
 */
export function tally(exitCode: number, report: Report | undefined): Tally {
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  const isSound = exitCode === 0 && report?.success === true && passed > 0;
  return { passed, failed: failed === 0 && !isSound ? 1 : failed };
}
