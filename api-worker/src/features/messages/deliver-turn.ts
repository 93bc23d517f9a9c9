import type { ContentDb } from "db";
import type { Chunk, Outcome } from "./chunks.ts";
import { finishMessage } from "./queries.ts";
import { rebuildParts } from "./rebuild-message.ts";
import type { TurnRow } from "./turn-store.ts";

/** Waits between tries to bring an end to D1: soon at first, then about every five minutes. */
export function deliveryDelayMs(attempts: number): number {
  return Math.min(1_000 * 2 ** attempts, 5 * 60_000);
}

/** The outcome that a turn's row remembers. */
export function outcomeOf(turn: TurnRow): Outcome {
  return {
    status: turn.status ?? "interrupted",
    ...(turn.errorCode !== null && { errorCode: turn.errorCode }),
    ...(turn.inputTokens !== null && { inputTokens: turn.inputTokens }),
    ...(turn.outputTokens !== null && { outputTokens: turn.outputTokens }),
  };
}

/**
 * Writes an ended turn's message to D1, rebuilt from its log. Idempotent.
 *
 * @throws what D1 throws; to be tried again
 */
export async function deliverTurn(
  content: ContentDb,
  turn: TurnRow,
  chunks: readonly Chunk[],
): Promise<void> {
  await finishMessage(content, turn.userId, turn.assistantMessageId, {
    ...outcomeOf(turn),
    parts: JSON.stringify(await rebuildParts(chunks)),
    finishedAt: turn.finishedAt ?? turn.startedAt,
  });
}
