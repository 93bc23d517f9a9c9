import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "./paths.ts";
import { runInTerminal, runWithOutput } from "./processes.ts";

const reporterFile = join(import.meta.dirname, "report-reporter.ts");

/** The vitest projects, in the order in which their output is printed. */
export const testProjects = {
  scripts: "scripts",
  db: "db",
  "api-worker": "api-worker",
  conformance: "api-worker/conformance",
  import: "api-worker/import",
  web: "web",
  e2e: "web/e2e",
} as const;

export type TestProject = keyof typeof testProjects;

/** The projects with attacks, which are files named `*.security.test.ts`. */
export const securityProjects = ["api-worker", "web", "e2e"] as const satisfies TestProject[];
export const securityFilter = ".security.test.";

export interface Tally {
  readonly passed: number;
  /** The failed tests, or what failed besides them: project, file and test. */
  readonly failures: readonly string[];
}

/** What `report-reporter.ts` writes of a run of vitest. */
export interface TestReport {
  readonly passed: number;
  /** The file and name of each failed test, and each error outside of a test. */
  readonly failures: readonly string[];
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
  const folder = fromRoot(testProjects[project]);
  const { exitCode, report } = await runVitest(folder, filters, onOutput);
  return tally(project, exitCode, report);
}

/**
 * Runs the tests of a folder.
 *
 * @returns the runner's exit code, and its report when it left one
 */
export async function runVitest(
  cwd: string,
  filters: readonly string[],
  onOutput?: (text: string) => void,
): Promise<{ exitCode: number; report: TestReport | undefined }> {
  const directory = mkdtempSync(join(tmpdir(), "test-report-"));
  const reportFile = join(directory, "report.json");
  const args = [
    ...["run", ...filters, "--reporter=default", `--reporter=${reporterFile}`],
    `--outputFile=${reportFile}`,
  ];
  try {
    const exitCode = onOutput
      ? await runWithOutput("vitest", args, { cwd, onOutput })
      : await runInTerminal("vitest", args, { cwd });
    return { exitCode, report: readReport(reportFile) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // A runner that crashed has written no report, or half of one.
    return undefined;
  }
}

/**
 * Counts the tests of a run. A failure of the runner that its report does not show counts as one
 * failed test, and so does a run without tests.
 *
 * @param exitCode of the runner
 * @param report undefined when the runner left none
 */
export function tally(
  project: TestProject,
  exitCode: number,
  report: TestReport | undefined,
): Tally {
  const { passed, failures } = report ?? { passed: 0, failures: [] };
  if (failures.length > 0) {
    return { passed, failures: failures.map((failure) => `${project}: ${failure}`) };
  }
  if (exitCode === 0 && passed > 0) return { passed, failures };
  const what = report ? `after ${passed} tests that passed` : "without a report";
  return { passed, failures: [`${project}: the runner ended ${what} (exit code ${exitCode})`] };
}
