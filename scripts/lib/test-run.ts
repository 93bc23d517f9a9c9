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
 * @param filters passed on to vitest: parts of file names
 * @param onOutput gets what the tests print. Without it they have the terminal to themselves
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
    // A runner that crashed has written none, or half of one.
    return undefined;
  }
}

/**
 * What a run amounts to. A runner that failed in any way that no test shows (it crashed, an error
 * was unhandled, a file could not be loaded) counts as one failure, and so does one that ran no test.
 *
 * @param exitCode the runner's own
 * @param report undefined when it left none
 */
export function tally(exitCode: number, report: Report | undefined): Tally {
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  const isSound = exitCode === 0 && report?.success === true && passed > 0;
  return { passed, failed: failed === 0 && !isSound ? 1 : failed };
}
