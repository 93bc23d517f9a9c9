import { exitCodeOf } from "./exit-codes.ts";
import type { ImportRun } from "./run.ts";
import { verdictOf } from "./words.ts";

/** The version of the report's form. It grows when a field is changed or removed. */
const formatVersion = 1;

/** The report for programs. */
export function toJson(run: ImportRun): string {
  const { title, text } = verdictOf(run);
  const report = { formatVersion, result: title, text, exitCode: exitCodeOf(run), ...run };
  return `${JSON.stringify(report, null, 2)}\n`;
}
