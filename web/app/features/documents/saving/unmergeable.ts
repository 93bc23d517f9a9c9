import type { DocumentKind } from "api-worker/contracts/documents";

/** Says why two versions can’t be merged. */
export function unmergeable(kind: DocumentKind): string {
  return kind === "sheet"
    ? "Both versions changed the same rows, or are too long to merge. Choose one of them."
    : "These versions are too long to merge. Choose one of them.";
}
