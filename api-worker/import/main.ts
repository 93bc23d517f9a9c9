/** `pnpm import:vercel`: moves a deployment of the Next.js chat template to this product. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { ImportFailure } from "./failure.ts";
import { type ImportOptions, readOptions, UsageError, usage } from "./options.ts";
import { ProgressLine } from "./progress-line.ts";
import { exitCodeOf, exitCodes } from "./report/exit-codes.ts";
import { toHtml } from "./report/html.ts";
import { toJson } from "./report/json.ts";
import type { ImportRun } from "./report/run.ts";
import { summarize } from "./report/summary.ts";
import { openRunFiles } from "./run-files.ts";
import { runImport } from "./run-import.ts";
import { openSource } from "./source/open-source.ts";
import { SourceError } from "./source/source-error.ts";
import { openTarget } from "./target/open-target.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(exitCodes.interrupted);
      console.error("\nEnding after the batch that is under way. Once more ends at once.");
      ending.abort();
    });
  }
  try {
    const options = readOptions(args);
    if (options === null) {
      console.log(usage);
      return exitCodes.equal;
    }
    const run = await importAll(options, ending.signal);
    writeReports(options.reportDir, run);
    console.log(summarize(run));
    console.log(`The whole report is in ${options.reportDir} (report.html, report.json).`);
    return ending.signal.aborted ? exitCodes.interrupted : exitCodeOf(run);
  } catch (error) {
    return tell(error);
  }
}

async function importAll(options: ImportOptions, signal: AbortSignal): Promise<ImportRun> {
  const { from, schema, since } = options;
  const { target, name } = await openTarget(options);
  try {
    if (options.to === "remote" && options.run === "import") await confirm(name, options);
    const source = await openSource(from, { schema, since });
    const line = new ProgressLine(process.stderr);
    try {
      const files = openRunFiles(options, target);
      const { host, pathname } = new URL(from);
      return await runImport({
        ...{ ...options, source, target, files, signal },
        names: { source: `${host}${pathname}`, target: name },
        onProgress: (progress) => line.show(progress),
      });
    } finally {
      line.end();
      await source.close();
    }
  } finally {
    await target.close();
  }
}

/** @throws ImportFailure when the answer is not yes */
async function confirm(name: string, { isConfirmed }: ImportOptions): Promise<void> {
  if (isConfirmed) return;
  if (!process.stdin.isTTY) throw new ImportFailure(`Add --yes to write to ${name}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Write to ${name}? (yes/no) `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new ImportFailure("Nothing was written.");
}

function writeReports(directory: string, run: ImportRun): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "report.json"), toJson(run));
  writeFileSync(join(directory, "report.html"), toHtml(run));
}

/** @returns the exit code */
function tell(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${usage}`);
    return exitCodes.usage;
  }
  if (error instanceof ImportFailure || error instanceof SourceError) console.error(error.message);
  else console.error(error);
  return exitCodes.failed;
}
