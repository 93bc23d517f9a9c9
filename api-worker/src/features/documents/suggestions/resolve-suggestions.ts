import { runBatch } from "db";
import type { z } from "zod";
import type { OwnerContext } from "../../../context.ts";
import type {
  suggestionListInput,
  suggestionListOutput,
  suggestionResolveInput,
} from "../../../contracts/suggestions.ts";
import { notFound } from "../../../errors.ts";
import { findDocumentQuery } from "../queries.ts";
import { listOpenSuggestionsQuery, updateSuggestionStates } from "./queries.ts";

/**
 * Lists a document's open suggestions, oldest first.
 *
 * @throws AppError NOT_FOUND
 */
export async function listSuggestions(
  { content, userId }: OwnerContext,
  { documentId }: z.infer<typeof suggestionListInput>,
): Promise<z.infer<typeof suggestionListOutput>> {
  const key = { userId, documentId };
  const [[document], items] = await runBatch(content, [
    findDocumentQuery(content, key),
    listOpenSuggestionsQuery(content, key),
  ]);
  if (!document) throw notFound("document");
  return { items };
}

/**
 * Notes a person's decision on suggestions. The text itself is changed by a save. Ids that the
 * document does not have are passed over.
 *
 * @throws AppError NOT_FOUND for a document that does not exist
 */
export async function resolveSuggestions(
  { content, userId }: OwnerContext,
  { documentId, suggestionIds, state }: z.infer<typeof suggestionResolveInput>,
): Promise<null> {
  const key = { userId, documentId };
  const [[document]] = await runBatch(content, [
    findDocumentQuery(content, key),
    updateSuggestionStates(content, key, suggestionIds, state),
  ]);
  if (!document) throw notFound("document");
  return null;
}
