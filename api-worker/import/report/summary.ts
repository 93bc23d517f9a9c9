/** The report for a terminal: plain text, at most a screen or two. */
import { groupKinds } from "../model.ts";
import type { Difference, Verification } from "../verify/verification.ts";
import type { ImportRun } from "./run.ts";
import {
  count,
  differenceWords,
  findingTitle,
  formatBytes,
  formatDuration,
  formatNumber,
  groupWords,
  verdictOf,
} from "./words.ts";

/** Differences and findings that a terminal shows. */
const shownMax = 20;

/** A run in plain text. Lines end with `\n`; values of rows cannot control the terminal. */
export function summarize(run: ImportRun): string {
  const verdict = verdictOf(run);
  const lines = [
    verdict.title,
    verdict.text,
    "",
    `From  ${run.source}: ${run.sourceDescription}`,
    `To    ${run.target}`,
    `Time  ${formatDuration(run.finishedAt - run.startedAt)}`,
    "",
    ...(run.kind === "verify-only" ? [] : [...groupLines(run), "", ...fileLines(run), ""]),
    ...(run.verification ? verificationLines(run.verification) : []),
    ...findingLines(run),
  ];
  return `${lines.map(plain).join("\n").trimEnd()}\n`;
}

function groupLines({ groups, dropped }: ImportRun): readonly string[] {
  const rows = groupKinds
    .filter((kind) => groups[kind].listed > 0 || groups[kind].deleted > 0)
    .map((kind) => {
      const { listed, copied, deleted } = groups[kind];
      return [groupWords[kind], ...[listed, copied, deleted].map(formatNumber)];
    });
  return [
    ...alignedTable([["", "in source", "copied", "deleted"], ...rows]),
    ...dropped.map(
      ({ table, rows, reason }) => `${table}: ${count(rows, "row")} left out. ${reason}`,
    ),
  ];
}

function fileLines({ files }: ImportRun): readonly string[] {
  const states = [
    `${formatNumber(files.stored)} stored (${formatBytes(files.storedBytes)})`,
    ...(files.left > 0 ? [`${formatNumber(files.left)} left where they are`] : []),
    ...(files.missing > 0 ? [`${formatNumber(files.missing)} missing in the old store`] : []),
    ...(files.failed > 0
      ? [`${formatNumber(files.failed)} failed, and may come in another run`]
      : []),
  ];
  return [`Files  ${states.join(", ")}`];
}

function verificationLines(verification: Verification): readonly string[] {
  const { tables, groups, files, search } = verification;
  const rows = tables.map((one) => [
    one.table,
    formatNumber(one.sourceRows),
    formatNumber(one.targetRows),
    one.sourceDigest.slice(0, 12),
    one.targetDigest.slice(0, 12),
    one.differences === 0 ? "equal" : count(one.differences, "difference"),
  ]);
  const behind = [
    [groups.changedAtSource, "changed"],
    [groups.newAtSource, "new"],
    [groups.deletedAtSource, "deleted"],
  ] as const;
  const told = behind.filter(([value]) => value > 0);
  const madeHere = tables.reduce((sum, table) => sum + table.madeHere, 0);
  return [
    ...alignedTable([["Table", "source", "target", "digest", "digest", ""], ...rows]),
    `Files compared  ${formatNumber(files.checked)} (${formatBytes(files.bytes)}), ${formatNumber(files.comparedWithSource)} of them with the old store`,
    ...(madeHere > 0
      ? [`Made here       ${count(madeHere, "row")}, which the source does not know`]
      : []),
    ...(told.length > 0
      ? [
          `Since the copy  ${told.map(([value, word]) => `${formatNumber(value)} ${word}`).join(", ")} at the source`,
        ]
      : []),
    ...(search.changes > 0
      ? [`Search          ${count(search.owners, "index is", "indexes are")} still being built`]
      : []),
    "",
    ...differenceLines(verification),
  ];
}

function differenceLines({ differences, differenceCount }: Verification): readonly string[] {
  if (differenceCount === 0) return [];
  const shown = differences.slice(0, shownMax);
  return [
    "Differences",
    ...shown.flatMap(linesOfDifference),
    ...more(differenceCount - shown.length),
    "",
  ];
}

function linesOfDifference({ kind, table, key, column, source, target }: Difference) {
  const place = column === null ? `${table}, ${key}` : `${table}.${column}, ${key}`;
  return [
    `  ${place}: ${differenceWords[kind]}`,
    ...(source === null ? [] : [`    source  ${source}`]),
    ...(target === null ? [] : [`    target  ${target}`]),
  ];
}

function findingLines({ findings }: ImportRun): readonly string[] {
  if (findings.length === 0) return [];
  return [
    "Findings",
    ...findings.map((group) => `  ${findingTitle(group.code)}: ${formatNumber(group.count)}`),
    "  The report in HTML lists the rows.",
  ];
}

function more(rest: number): readonly string[] {
  return rest > 0 ? [`  and ${formatNumber(rest)} more; the reports have up to 1,000`] : [];
}

/** Columns side by side: the first to the left, numbers to the right. */
function alignedTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => {
    return Math.max(...rows.map((row) => (row[column] ?? "").length));
  });
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return /^[\d,]+$|^source$|^target$|^in |^copied$|^deleted$/.test(cell)
        ? cell.padStart(width)
        : cell.padEnd(width);
    });
    return cells.join("  ").trimEnd();
  });
}

/** Without characters that could move the cursor or change colours. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be replaced
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "·");
}
