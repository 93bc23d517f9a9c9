import type { ContentDb } from "db";
import type { BlockLog } from "../../../../platform/block-log.ts";
import type { Logger } from "../../../../platform/log.ts";
import type { TurnCount } from "../../../limits/day-limits.ts";
import {
  type Chunk,
  type FinalStatus,
  OpenToolCalls,
  type Outcome,
  terminalChunk,
} from "../../turn/chunks.ts";
import { chunksOfParts } from "../../turn/message-chunks.ts";
import { parseParts } from "../../turn/stored-parts.ts";
import type { Timers } from "../live/flush-buffer.ts";
import type { TurnStorage } from "../live/live-turn.ts";
import { noTokens } from "../prepare/estimate-tokens.ts";
import { findAnswerParts } from "../queries.ts";
import { readChunks } from "../turn-log.ts";
import type { TurnRow, TurnStore } from "../turn-store.ts";

export interface RecoverDeps {
  readonly turns: TurnStore;
  readonly chunks: BlockLog;
  readonly storage: TurnStorage;
  readonly contentFor: (owner: { readonly contentShard: number }) => ContentDb;
  readonly turnCount: Pick<TurnCount, "giveBack">;
  readonly timers: Timers;
  readonly log: Logger;
}

/**
 * Ends a turn that no instance of the object runs any more. It keeps what is on disk. A turn that D1
 * does not know is deleted, and does not count.
 *
 * @param status `interrupted`, or `stopped` when its reader has stopped it since
 * @throws what D1 or the user's object throws, for a turn that was still starting; the caller
 *   retries
 */
export async function recoverTurn(
  turn: TurnRow,
  status: FinalStatus,
  deps: RecoverDeps,
): Promise<void> {
  const { turns, chunks, storage } = deps;
  const { turnId } = turn;
  const lastSeq = chunks.lastSeq(turnId);
  const last: Chunk[] = [];
  if (lastSeq < 0) {
    const parts = await findAnswerParts(deps.contentFor(turn), turn);
    // No client has heard of a turn that D1 does not know, so it never started.
    if (parts === undefined) {
      await deps.turnCount.giveBack(turn, turnId);
      return turns.delete(turnId);
    }
    const messageMetadata = { status: "streaming", streamId: turnId } as const;
    last.push({ type: "start", messageId: turn.assistantMessageId, messageMetadata });
    last.push(...chunksOfParts(parseParts(parts)));
  }
  const openToolCalls = new OpenToolCalls();
  for (const chunk of readChunks(chunks, turnId)) openToolCalls.see(chunk);
  const outcome: Outcome = { status };
  const finishedAt = deps.timers.now();
  last.push(...openToolCalls.close(outcome), terminalChunk(outcome, finishedAt));
  const items = last.map((chunk) => JSON.stringify(chunk));
  storage.transactionSync(() => {
    chunks.append(turnId, lastSeq + 1, items);
    // The log begins in the write that lets the turn call a model.
    turns.setEnded(turnId, outcome, finishedAt, lastSeq < 0 ? noTokens : undefined);
  });
  await storage.sync();
  deps.log.warn("messages.turn_interrupted", { turnId, status, chunks: lastSeq + 1 });
}
