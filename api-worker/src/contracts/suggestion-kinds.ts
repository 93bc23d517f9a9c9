import type { DocumentKind } from "./documents.ts";

/**
 * Whether a model can suggest changes of documents of a kind: their editors show suggestions. In a
 * module of its own without zod, because each page of a document loads it.
 */
export function hasSuggestions(kind: DocumentKind): boolean {
  return kind === "text" || kind === "code";
}
