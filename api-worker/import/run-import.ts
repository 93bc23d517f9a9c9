/** A whole run of the import: copy, delete, compare. */
import { type CopyProgress, type CopyTotals, copyGroups, type FileCopier } from "./copy-groups.ts";
import type { Source, Target } from "./model.ts";
import type { ImportOptions } from "./options.ts";
import { readContext } from "./read-context.ts";
import { type FileTotals, FindingLog, type ImportRun } from "./report/run.ts";
import { droppedTables } from "./source/known-tables.ts";
import type { FileFetcher } from "./verify/files.ts";
import { type VerifyProgress, verifyImport } from "./verify/verify-import.ts";
import { prepareTarget } from "./write/ledger.ts";

/** What a run shows while it works. */
export type RunProgress =
  | { readonly step: "looking" }
  | ({ readonly step: "copying" } & CopyProgress)
  | { readonly step: "comparing"; readonly progress: VerifyProgress };

export interface RunFiles {
  readonly copy: FileCopier;
  /** null: files are compared with the sums that were recorded when they were copied. */
  readonly fetch: FileFetcher | null;
  totals(): FileTotals;
}

export interface RunOptions extends Pick<ImportOptions, "run" | "zone" | "since"> {
  readonly source: Source;
  readonly target: Target;
  readonly files: RunFiles;
  /** For the report: where the rows come from and go to, without secrets. */
  readonly names: { readonly source: string; readonly target: string };
  readonly onProgress: (progress: RunProgress) => void;
  readonly signal: AbortSignal;
}

const nothing = { listed: 0, copied: 0, deleted: 0 };
const noGroups: CopyTotals = { user: nothing, chat: nothing, document: nothing, legacy: nothing };

const dropReasons: Readonly<Record<(typeof droppedTables)[number], string>> = {
  Stream: "They name streams in Redis that have ended.",
  Session: "People log in once again.",
  Verification: "They let people in without a password.",
  Account: "The password is kept with its user; other logins have no counterpart here.",
};

/**
 * Runs an import. A failure on the way is part of the result: what was copied until then is there, and
 * another run goes on.
 */
export async function runImport(options: RunOptions): Promise<ImportRun> {
  const { source, run: kind, names } = options;
  const startedAt = Date.now();
  const findings = new FindingLog();
  let groups = noGroups;
  let verification: ImportRun["verification"] = null;
  let failure: unknown = null;
  try {
    if (kind !== "verify-only") groups = await copy(options, findings);
    if (kind !== "dry-run") verification = await verify(options);
  } catch (error) {
    failure = error;
  }
  return {
    ...{ kind, startedAt, finishedAt: Date.now(), groups, verification },
    source: names.source,
    sourceDescription: source.shape.description,
    target: names.target,
    files: options.files.totals(),
    dropped: failure === null ? await countDropped(source) : [],
    findings: findings.list(),
    failure: failure === null ? null : sentenceOf(failure),
  };
}

async function copy(options: RunOptions, findings: FindingLog): Promise<CopyTotals> {
  const { source, target, files, signal, onProgress } = options;
  const isDry = options.run === "dry-run";
  if (!isDry) await prepareTarget(target);
  onProgress({ step: "looking" });
  const context = await readContext(source, options.zone);
  return copyGroups({
    ...{ source, target, context, isDry, signal },
    copyFiles: files.copy,
    isWhole: options.since === null,
    onFinding: (finding) => findings.add(finding),
    onProgress: (progress) => onProgress({ step: "copying", ...progress }),
  });
}

function verify({ source, target, files, zone, since, signal, onProgress }: RunOptions) {
  return verifyImport({
    ...{ source, target, zone, signal },
    isWhole: since === null,
    fetchFile: files.fetch,
    onProgress: (progress) => onProgress({ step: "comparing", progress }),
  });
}

async function countDropped(source: Source): Promise<ImportRun["dropped"]> {
  const dropped: ImportRun["dropped"][number][] = [];
  for (const table of droppedTables) {
    const rows = await source.count(table);
    if (rows > 0) dropped.push({ table, rows, reason: dropReasons[table] });
  }
  return dropped;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
