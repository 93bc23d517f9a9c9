import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";
import type { TestReport } from "./test-run.ts";

/** How much of an error's text the last lines of a run repeat, in characters. */
const maxErrorLength = 500;

type RunEnd = Parameters<NonNullable<Reporter["onTestRunEnd"]>>;

/**
 * Writes a {@link TestReport} to `--outputFile`. Vitest's own JSON report says nothing of errors
 * outside of tests, such as a runtime that dies.
 */
export default class ReportReporter implements Reporter {
  private file = "";

  onInit({ config }: Vitest): void {
    if (typeof config.outputFile !== "string") throw new Error("--outputFile is missing.");
    this.file = config.outputFile;
  }

  onTestRunEnd(...[modules, unhandledErrors]: RunEnd): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const report: TestReport = {
      passed: tests.filter((test) => test.result().state === "passed").length,
      failures: [
        ...tests
          .filter((test) => test.result().state === "failed")
          .map((test) => `${basename(test.module.moduleId)}: ${test.fullName}`),
        ...modules.flatMap(failuresBesideTests),
        ...unhandledErrors.map((error) => `outside of the tests: ${text(error)}`),
      ],
    };
    writeFileSync(this.file, JSON.stringify(report));
  }
}

/** A file that could not be loaded, and a hook that failed. */
function failuresBesideTests(module: TestModule): string[] {
  const suites = [...module.children.allSuites()];
  const errors = [...module.errors(), ...suites.flatMap((suite) => suite.errors())];
  return errors.map((error) => `${basename(module.moduleId)}: ${text(error)}`);
}

function text({ name, message }: { name?: string; message: string }): string {
  const line = `${name ?? "Error"}: ${message}`.replace(/\s+/g, " ");
  return line.length > maxErrorLength ? `${line.slice(0, maxErrorLength)}…` : line;
}
