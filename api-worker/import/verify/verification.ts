/** What a comparison of source and target has found. */

export type DifferenceKind =
  /** The source has the row, the target does not. */
  | "missing"
  /** The import has written the row, and the source does not have it. */
  | "extra"
  /** The target has a copy of an imported row under another key. */
  | "doubled"
  /** A column has another value. */
  | "differs"
  /** The row refers to one that does not exist. */
  | "orphan"
  /** A counter or a list that triggers keep does not agree with the rows. */
  | "miscounted"
  /** The bytes of a file do not exist, or are not those of the source. */
  | "file";

export interface Difference {
  readonly kind: DifferenceKind;
  readonly table: string;
  /** The values of the key, such as `id 0b5e…`. */
  readonly key: string;
  /** null for a whole row. */
  readonly column: string | null;
  /** What the row should have by the source, cut; null for none. */
  readonly source: string | null;
  /** What it has, cut; null for none. */
  readonly target: string | null;
}

export interface TableResult {
  readonly table: string;
  /** Rows that were compared, on each side. */
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Sums of the SHA-256 of these rows modulo 2^128, in hex. Equal if and only if the rows are. */
  readonly sourceDigest: string;
  readonly targetDigest: string;
  /** Rows of the target that the import has not written: people made them here. */
  readonly madeHere: number;
  /** Rows of groups that have changed at the source since they were copied, on either side. */
  readonly notCompared: number;
  /** Differences of every kind in this table. */
  readonly differences: number;
}

/** Groups that could not be compared, because the source has changed since. */
export interface GroupsResult {
  readonly compared: number;
  readonly changedAtSource: number;
  readonly newAtSource: number;
  readonly deletedAtSource: number;
  /** Up to 100 of them, such as `chat 0b5e… (changed)`. */
  readonly examples: readonly string[];
}

export interface FilesResult {
  /** Objects whose SHA-256 was computed. */
  readonly checked: number;
  /** Of those, how many were fetched from the old store again, and compared with it. */
  readonly comparedWithSource: number;
  /** Files that the old store no longer has, which are compared with the recorded sum. */
  readonly goneAtSource: number;
  /** Files that did not answer; they are compared with the recorded sum too. */
  readonly unreachable: readonly string[];
  readonly bytes: number;
}

export interface Verification {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly tables: readonly TableResult[];
  readonly groups: GroupsResult;
  readonly files: FilesResult;
  /** Rows whose references were checked, by the name of the check. */
  readonly references: readonly { readonly name: string; readonly broken: number }[];
  /** The first differences, at most {@link differencesKept}. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  /** Owners whose search index has not taken over all changes yet, and the changes. */
  readonly search: { readonly owners: number; readonly changes: number };
}

/** Differences that are kept in full; all are counted. */
export const differencesKept = 1_000;
const valueMaxLength = 200;

/** Collects differences: keeps the first, counts all. */
export class Differences {
  readonly kept: Difference[] = [];
  readonly #counts = new Map<string, number>();
  #total = 0;

  add(difference: Difference): void {
    this.#total++;
    this.#counts.set(difference.table, this.countOf(difference.table) + 1);
    if (this.kept.length < differencesKept) this.kept.push(difference);
  }

  countOf(table: string): number {
    return this.#counts.get(table) ?? 0;
  }

  get total(): number {
    return this.#total;
  }
}

/** Two values around the first place where they differ, short enough for a report. */
export function cutAround(
  source: string | number | null,
  target: string | number | null,
): { readonly source: string | null; readonly target: string | null } {
  if (source === null || target === null) return { source: cut(source, 0), target: cut(target, 0) };
  const [left, right] = [String(source), String(target)];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const start = at > valueMaxLength / 2 ? at - valueMaxLength / 4 : 0;
  return { source: cut(left, start), target: cut(right, start) };
}

function cut(value: string | number | null, start: number): string | null {
  if (value === null) return null;
  const text = String(value);
  const end = start + valueMaxLength;
  // A pair of surrogates that is cut in two would be no text.
  const middle = text.slice(start, end).toWellFormed();
  return `${start > 0 ? "…" : ""}${middle}${end < text.length ? "…" : ""}`;
}
