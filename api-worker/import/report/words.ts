/** The words that the plain report and the page share. */
import type { DifferenceKind } from "../verify/verification.ts";
import { countBehind, exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { ImportRun } from "./run.ts";

const numbers = new Intl.NumberFormat("en");

export function count(value: number, one: string, many = `${one}s`): string {
  return `${numbers.format(value)} ${value === 1 ? one : many}`;
}

export function formatNumber(value: number): string {
  return numbers.format(value);
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1_000 && unit < units.length - 1) [value, unit] = [value / 1_000, unit + 1];
  if (unit === 0) return count(bytes, "byte");
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return count(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time in UTC, such as `2026-11-29 04:41 UTC`. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export interface Verdict {
  readonly tone: "good" | "warning" | "bad";
  readonly title: string;
  readonly text: string;
}

/** The result of a run in a title and a sentence. */
export function verdictOf(run: ImportRun): Verdict {
  if (run.failure !== null) {
    return { tone: "bad", title: "The import did not finish", text: run.failure };
  }
  const { verification } = run;
  if (!verification) {
    return {
      tone: "warning",
      title: run.kind === "dry-run" ? "Dry run: nothing was written" : "Nothing was compared",
      text: "Rows and files were read and converted. Run the import to copy them.",
    };
  }
  switch (exitCodeOf(run)) {
    case exitCodes.different:
      return {
        tone: "bad",
        title: `${count(verification.differenceCount, "difference")} between source and target`,
        text: "Do not switch over yet. Each difference is listed below.",
      };
    case exitCodes.behind:
      return {
        tone: "warning",
        title: "What was copied is equal, and the source has moved on",
        text: `${count(countBehind(verification), "chat, user or document has", "chats, users or documents have")} changed at the source since the last copy. Run the import again to bring them.`,
      };
    default:
      return {
        tone: "good",
        title: "Source and target are equal",
        text: "Every row and every file that was copied is the same on both sides.",
      };
  }
}

export const differenceWords: Readonly<Record<DifferenceKind, string>> = {
  missing: "missing",
  extra: "not in the source",
  doubled: "copied twice",
  differs: "differs",
  orphan: "refers to nothing",
  miscounted: "counted wrong",
  file: "file differs",
};

const findingTitles: Readonly<Record<string, string>> = {
  "email-taken": "Addresses that two accounts shared",
  "email-taken-here": "Addresses that an account here already had",
  "part-kept-as-legacy": "Parts of messages that are kept as they were",
  "fields-kept-as-legacy": "Fields of message parts that no part has here, kept as they were",
  "file-missing": "Files that the old store no longer has",
  "message-kept": "Messages that stay because their chat went on here",
  "edited-here": "Documents that were edited here",
};

/** A title for the findings of a code. */
export function findingTitle(code: string): string {
  const words = code.replaceAll("-", " ");
  return findingTitles[code] ?? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

export const groupWords = {
  user: "Users",
  chat: "Chats",
  document: "Documents",
  legacy: "Other tables (parts)",
} as const;
