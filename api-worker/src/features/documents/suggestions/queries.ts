import { type ContentDb, type SuggestionState, sql } from "db";
import { limits } from "../../../contracts/limits.ts";
import type { DocumentKey } from "../queries.ts";

/** Builds the query for a document's open suggestions, oldest first. */
export function listOpenSuggestionsQuery(
  { kysely }: ContentDb,
  { userId, documentId }: DocumentKey,
) {
  return kysely
    .selectFrom("suggestions")
    .select(["id", "version", "original", "start", "proposed", "reason"])
    .where("userId", "=", userId)
    .where("documentId", "=", documentId)
    .where("state", "=", sql<SuggestionState>`'open'`)
    .orderBy("createdAt")
    .orderBy("id")
    .limit(limits.openSuggestionsMax);
}

/** Builds the statement that decides some of a document's suggestions, or takes decisions back. */
export function updateSuggestionStates(
  { kysely }: ContentDb,
  { userId, documentId }: DocumentKey,
  suggestionIds: readonly string[],
  state: SuggestionState,
) {
  return kysely
    .updateTable("suggestions")
    .set({ state })
    .where("userId", "=", userId)
    .where("documentId", "=", documentId)
    .where("id", "in", suggestionIds);
}
