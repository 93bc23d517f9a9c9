import { type ContentDb, runBatch } from "db";
import type { DocumentWrite, WrittenVersion } from "../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../ai/tools/tool-failure.ts";
import { limits } from "../../../contracts/limits.ts";
import { systemClock } from "../../../platform/clock.ts";
import { sha256Hex } from "../../../platform/sha256.ts";
import { runIfFits, type StorageLimits } from "../../limits/storage.ts";
import { type DocumentChat, writeVersionQueries } from "./queries.ts";

export type { DocumentChat };

/** The answer that writes. */
export interface WritingAnswer {
  readonly turnId: string;
  readonly assistantMessageId: string;
}

/**
 * Writes a version of the model's. The same call of the same turn writes one version, however often
 * it is tried.
 *
 * @param storage what the content must fit into; null for content that the answer in progress has
 *   room for already
 * @returns null when the chat or the document does not exist, or its newest version is not the base
 *   of a write that needs that
 * @throws ToolFailure when the content is too large or does not fit; what D1 throws
 */
export async function writeVersion(
  content: ContentDb,
  chat: DocumentChat,
  { turnId, assistantMessageId }: WritingAnswer,
  { toolCallId, ...write }: DocumentWrite,
  storage: StorageLimits | null,
): Promise<WrittenVersion | null> {
  // D1 stores neither half of a surrogate pair nor NUL.
  const text = write.content.toWellFormed().replaceAll("\0", "");
  if (Buffer.byteLength(text) > limits.documentMaxBytes) {
    throw new ToolFailure(
      `Documents can have up to ${limits.documentMaxBytes / 1_000_000} MB. Nothing was changed.`,
    );
  }
  const queries = writeVersionQueries(chat, {
    ...write,
    content: text,
    contentHash: sha256Hex(text),
    saveId: sha256Hex(`${turnId} ${toolCallId}`),
    messageId: assistantMessageId,
    now: systemClock(),
  });
  const results =
    storage === null
      ? await runBatch(content, queries)
      : await runIfFits(content, chat.userId, storage, queries);
  if (results === null) {
    throw new ToolFailure("The reader’s storage is full, so the document wasn’t changed.");
  }
  return results[3][0] ?? null;
}
