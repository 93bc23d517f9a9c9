/** What a run did, as the reports show it. */
import type { Finding, GroupKind } from "../model.ts";
import type { Verification } from "../verify/verification.ts";

export interface GroupTotals {
  /** Groups that the source has. */
  readonly listed: number;
  /** Groups that were new or changed, and were written. */
  readonly copied: number;
  /** Groups that the source has no more, and that were deleted. */
  readonly deleted: number;
}

export interface FileTotals {
  /** Files that messages and documents name. */
  readonly named: number;
  readonly stored: number;
  readonly storedBytes: number;
  /** Files that stay where they are. */
  readonly left: number;
  /** Files that the old store does not have. */
  readonly missing: number;
  /** Files that could not be fetched, and may come in another run. */
  readonly failed: number;
}

/** Findings of one kind. */
export interface FindingGroup {
  readonly code: string;
  readonly count: number;
  /** The first of them. */
  readonly findings: readonly Finding[];
}

export interface ImportRun {
  readonly kind: "import" | "dry-run" | "verify-only";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The old database, without user and password. */
  readonly source: string;
  /** Which state of the template's schema it has, in words. */
  readonly sourceDescription: string;
  /** Where the rows went, such as `this machine (.wrangler/state)`. */
  readonly target: string;
  readonly groups: Readonly<Record<GroupKind, GroupTotals>>;
  readonly files: FileTotals;
  /** Rows that are left out on purpose, by the table of the source, and why. */
  readonly dropped: readonly {
    readonly table: string;
    readonly rows: number;
    readonly reason: string;
  }[];
  readonly findings: readonly FindingGroup[];
  /** null for a run that did not get as far, or compares nothing. */
  readonly verification: Verification | null;
  /** Why the run ended before it was complete, as a sentence; null for one that was. */
  readonly failure: string | null;
}

/** Findings that are kept in full for each code; all are counted. */
const keptPerCode = 1_000;

/** Collects findings, so that their memory is bounded. */
export class FindingLog {
  readonly #groups = new Map<string, { count: number; findings: Finding[] }>();

  add(finding: Finding): void {
    const group = this.#groups.get(finding.code) ?? { count: 0, findings: [] };
    this.#groups.set(finding.code, group);
    group.count++;
    if (group.findings.length < keptPerCode) group.findings.push(finding);
  }

  /** Those with the most findings first. */
  list(): readonly FindingGroup[] {
    const groups = [...this.#groups].map(([code, group]) => ({ code, ...group }));
    return groups.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }
}
