import type { ContentDb } from "db";
import type { NewSuggestions, WrittenSuggestions } from "../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../ai/tools/tool-failure.ts";
import { limits } from "../../../contracts/limits.ts";
import { systemClock } from "../../../platform/clock.ts";
import { derivedId } from "../../../platform/derived-id.ts";
import { runIfFits, type StorageLimits } from "../../limits/storage.ts";
import type { DocumentChat } from "./queries.ts";
import { writeSuggestionsQueries } from "./suggestion-queries.ts";
import type { WritingAnswer } from "./write-version.ts";

/**
 * Writes the model's suggestions for a document. The same call of the same turn writes them once,
 * however often it is tried.
 *
 * @returns null when the chat or the document does not exist
 * @throws ToolFailure when they do not fit into the owner's storage, or too many are open already;
 *   what D1 throws
 */
export async function writeSuggestions(
  content: ContentDb,
  chat: DocumentChat,
  { turnId, assistantMessageId }: WritingAnswer,
  { documentId, toolCallId, version, suggestions }: NewSuggestions,
  storage: StorageLimits,
): Promise<WrittenSuggestions | null> {
  const queries = writeSuggestionsQueries(chat, {
    ...{ documentId, version, messageId: assistantMessageId, now: systemClock() },
    suggestions: suggestions.map((suggestion, index) => ({
      ...suggestion,
      id: derivedId(`${turnId} ${toolCallId} ${index}`),
    })),
  });
  const results = await runIfFits(content, chat.userId, storage, queries);
  if (results === null) {
    throw new ToolFailure("The reader’s storage is full, so the suggestions weren’t saved.");
  }
  const [, [document], written] = results;
  if (!document) return null;
  if (written.length < suggestions.length) {
    throw new ToolFailure(
      `A document can have up to ${limits.openSuggestionsMax} open suggestions. Its reader has to accept or reject some first.`,
    );
  }
  return { count: written.length };
}
