import type { DocumentKind } from "api-worker/contracts/documents";
import { diff3Merge } from "node-diff3";

export interface MergedText {
  readonly text: string;
  /** The places that both sides have changed. Both forms stand there, between marks. */
  readonly conflictCount: number;
}

/** More lines than this are not compared: the comparison may take time in the square of them. */
const linesMax = 20_000;

/**
 * Merges two changes of one text, line by line.
 *
 * @returns null for texts that are too long
 */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText | null {
  const [a, o, b] = [mine, base, theirs].map((text) => text.split("\n")) as [
    string[],
    string[],
    string[],
  ];
  if (Math.max(a.length, o.length, b.length) > linesMax) return null;
  let conflictCount = 0;
  const lines = diff3Merge(a, o, b, { excludeFalseConflicts: true }).flatMap((region) => {
    if (region.ok) return region.ok;
    const { a: ours = [], b: others = [] } = region.conflict ?? {};
    conflictCount += 1;
    return ["<<<<<<< Your changes", ...ours, "=======", ...others, ">>>>>>> Newer version"];
  });
  return { text: lines.join("\n"), conflictCount };
}

/**
 * Merges two changes of a document. Those of a sheet must not touch the same rows: marks between
 * them would be rows of the sheet.
 *
 * @returns null when they can’t be merged
 */
export function mergeKind(
  kind: DocumentKind,
  base: string,
  mine: string,
  theirs: string,
): MergedText | null {
  const merged = mergeTexts(base, mine, theirs);
  return kind === "sheet" && merged !== null && merged.conflictCount > 0 ? null : merged;
}
