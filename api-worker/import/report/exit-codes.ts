import type { ImportRun } from "./run.ts";

/** What the command's exit code says. */
export const exitCodes = {
  /** Everything was copied, and source and target are equal. */
  equal: 0,
  /** Source and target differ. */
  different: 1,
  /** The command line cannot be followed. */
  usage: 2,
  /** The source or the target failed. A second run goes on. */
  failed: 3,
  /** Nothing differs, but the source has changed since it was copied: a second run brings it. */
  behind: 4,
  /** Stopped by a signal. A second run goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a run that was not stopped by a signal. */
export function exitCodeOf({ verification, failure }: ImportRun): ExitCode {
  if (failure !== null) return exitCodes.failed;
  if (!verification) return exitCodes.equal;
  if (verification.differenceCount > 0) return exitCodes.different;
  return countBehind(verification) > 0 ? exitCodes.behind : exitCodes.equal;
}

/** Groups that have changed at the source since they were copied. */
export function countBehind({ groups }: NonNullable<ImportRun["verification"]>): number {
  return groups.changedAtSource + groups.newAtSource + groups.deletedAtSource;
}
