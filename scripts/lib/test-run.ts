import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fromRoot } from "./paths.ts";
import { runInTerminal, runWithOutput } from "./processes.ts";

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

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    /** Absolute path of the file. */
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
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
    return tally(project, exitCode, readReport(reportFile));
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
export function tally(project: TestProject, exitCode: number, report: Report | undefined): Tally {
  const passed = report?.numPassedTests ?? 0;
  const failures = report ? failuresOf(project, report) : [];
  const isSound = exitCode === 0 && report?.success === true && passed > 0;
  if (failures.length > 0 || isSound) return { passed, failures };
  return { passed, failures: [`${project}: failed outside of its tests`] };
}

function failuresOf(project: TestProject, { testResults }: Report): string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => `${project}: ${basename(name)}: ${fullName}`),
  );
}
