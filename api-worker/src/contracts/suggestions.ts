import { z } from "zod";
import { documentIdInput } from "./documents.ts";
import { limits } from "./limits.ts";

export const suggestionStateSchema = z.enum(["open", "accepted", "rejected"]);
export type SuggestionState = z.infer<typeof suggestionStateSchema>;

/** A change that the model proposes for a document. */
export const suggestionOutput = z.object({
  id: z.string(),
  /** The version of the document that the model has read. */
  version: z.number(),
  /** The text that would be replaced. It was in that version exactly once. */
  original: z.string(),
  /** Where `original` starts in that version, in UTF-16 code units. */
  start: z.number(),
  proposed: z.string(),
  /** Why, as a sentence; "" when the model gave no reason. */
  reason: z.string(),
});
export type SuggestionOutput = z.infer<typeof suggestionOutput>;

/** The open suggestions of a document, oldest first: 50 at most. */
export const suggestionListOutput = z.object({ items: z.array(suggestionOutput) });

export const suggestionListInput = documentIdInput;

export const suggestionResolveInput = documentIdInput.extend({
  suggestionIds: z.array(z.uuid()).min(1).max(limits.openSuggestionsMax),
  /** `open` takes an earlier decision back. */
  state: suggestionStateSchema,
});
