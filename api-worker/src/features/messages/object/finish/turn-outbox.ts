/**
 * Delivers the ends of a chat's turns: the message to D1, the log to the archive. Failed deliveries
 * are retried with growing delays, and nothing is deleted before both have it. An end that D1
 * refuses for good is parked, so that the chat can continue: it stays in the object and is read
 * from there.
 */
import type { ContentDb } from "db";
import type { ChatNews } from "../../../../contracts/news.ts";
import type { BlockLog } from "../../../../platform/block-log.ts";
import { isRefusedForGood } from "../../../../platform/d1-refusal.ts";
import type { Logger } from "../../../../platform/log.ts";
import type { TurnCount } from "../../../limits/day-limits.ts";
import { bytesPerToken, type TurnUse } from "../../../limits/site/site-ledger.ts";
import type { EndedAnswer } from "../../../notifications/push-answer.ts";
import { findCarriedAnswer } from "../../turn/carried-chats.ts";
import { type Outcome, shownBytes } from "../../turn/chunks.ts";
import { finishMessage } from "../../turn/finish-message.ts";
import { rebuildParts } from "../../turn/rebuild-message.ts";
import { archiveTtlSeconds, type TurnArchive } from "../../turn/turn-archive.ts";
import type { ParkedTurn, RetryResult } from "../../turn/turn-protocol.ts";
import { costOf } from "../prepare/estimate-turn.ts";
import { readChunks } from "../turn-log.ts";
import { archivePlaces, type TurnRow, type TurnStore } from "../turn-store.ts";
import { settleDocuments } from "./settle-documents.ts";

/** A delivered turn's log is kept this long, because KV may take a while to show it everywhere. */
export const graceMs = 10 * 60_000;

/**
 * Counts a turn's tokens and cost against the user's limits, once per turn. Throws when it must be
 * retried.
 */
export type CountTokens = (
  userId: string,
  turn: { streamId: string; tokens: number; finishedAt: number; costNanos?: number },
) => Promise<void>;

export interface OutboxDeps {
  readonly contentFor: (owner: { readonly contentShard: number }) => ContentDb;
  readonly archive: Pick<TurnArchive, "put" | "delete">;
  readonly publish: (userId: string, news: ChatNews) => void;
  /** Notifies the owner of an answer that has ended. Never throws. */
  readonly notify: (answer: EndedAnswer) => Promise<void>;
  readonly countTokens: CountTokens;
  readonly turnCount: Pick<TurnCount, "settle">;
  readonly now: () => number;
  readonly log: Logger;
}

/** Delays between attempts: short at first, finally five minutes. */
export function deliveryDelayMs(attempts: number): number {
  return Math.min(1_000 * 2 ** attempts, 5 * 60_000);
}

/**
 * An end is parked after this many refusals. One is not enough, in case D1 reports a temporary
 * problem with a permanent error code.
 */
export const refusalsToPark = 5;
/** Characters of an error that are stored as the reason. */
const reasonMaxLength = 1_000;

/** The outcome stored in a turn's row. */
export function outcomeOf(turn: TurnRow): Outcome {
  return {
    status: turn.status ?? "interrupted",
    ...(turn.errorCode !== null && { errorCode: turn.errorCode }),
    ...(turn.inputTokens !== null && { inputTokens: turn.inputTokens }),
    ...(turn.outputTokens !== null && { outputTokens: turn.outputTokens }),
  };
}

export class TurnOutbox {
  readonly #store: TurnStore;
  readonly #log: BlockLog;
  readonly #deps: OutboxDeps;
  #delivery: Promise<void> = Promise.resolve();

  constructor(store: TurnStore, log: BlockLog, deps: OutboxDeps) {
    this.#store = store;
    this.#log = log;
    this.#deps = deps;
  }

  /**
   * Makes the deliveries that are due. Calls run one after another: of two at once, the slower one
   * might archive a log that has been deleted meanwhile, and overwrite the whole one.
   */
  deliver(): Promise<void> {
    const delivery = this.#delivery.then(() => this.#deliverDue());
    this.#delivery = delivery.catch(() => undefined);
    return delivery;
  }

  /** Resolves when no delivery is in progress. Never rejects. */
  settled(): Promise<void> {
    return this.#delivery;
  }

  async #deliverDue(): Promise<void> {
    const now = this.#deps.now();
    for (const turn of this.#store.listUndelivered()) {
      if ((turn.deliverAt ?? 0) > now) return;
      try {
        await this.#toDatabase(turn);
        await this.#toQuota(turn);
        await this.#toArchive(turn);
        this.#store.setDone(turn.turnId, this.#deps.now());
      } catch (error) {
        if (this.#isParked(turn)) continue;
        this.#deps.log.error("messages.delivery_failed", error, { turnId: turn.turnId });
        this.#store.deferDelivery(turn.turnId, now + deliveryDelayMs(turn.deliveryAttempts));
      }
    }
  }

  /**
   * Writes every end to D1 now, due or not, because the next turn reads its history there. Skips
   * parked ends, which the next turn does not see.
   *
   * @throws what D1 throws
   */
  async flushToDatabase(): Promise<void> {
    for (const turn of this.#store.listUndelivered()) {
      try {
        await this.#toDatabase(turn);
      } catch (error) {
        if (!this.#isParked(turn)) throw error;
      }
    }
  }

  /** Lists the ends that D1 refuses, oldest first. */
  parked(): ParkedTurn[] {
    return this.#store.listParked().map(toParked);
  }

  /**
   * Tries a parked end once more. Another refusal parks it again.
   *
   * @returns the state after the attempt
   */
  async retryParked(turnId: string): Promise<RetryResult> {
    const now = this.#deps.now();
    if (!this.#store.unpark(turnId, now, refusalsToPark - 1)) return { kind: "none" };
    await this.deliver();
    const turn = this.#store.get(turnId);
    // A row is deleted only after its delivery.
    if (!turn || turn.isStored) return { kind: "delivered" };
    return turn.parkedAt === null ? { kind: "waiting" } : { kind: "parked", ...toParked(turn) };
  }

  /**
   * Deletes the logs of all turns from the archive, for a deleted chat. Only logs failures: no caller
   * can read the logs, and KV expires them within a day.
   */
  async deleteArchives(): Promise<void> {
    for (const { turnId, archivedIn } of this.#store.listAll()) {
      // After a crash between writing the archive and the row, the log's place is unknown.
      for (const place of archivedIn ? [archivedIn] : archivePlaces) {
        await this.#deps.archive.delete(turnId, place).catch((error: unknown) => {
          this.#deps.log.error("messages.archive_not_deleted", error, { turnId });
        });
      }
    }
  }

  #isParked({ turnId }: TurnRow): boolean {
    return this.#store.get(turnId)?.parkedAt != null;
  }

  /** Deletes turns whose grace period is over. */
  async forget(): Promise<void> {
    for (const turn of this.#store.listDoneBefore(this.#deps.now() - graceMs)) {
      await this.#forgetTurn(turn);
    }
  }

  /** Time of the next delivery or deletion, in epoch milliseconds; null for none. */
  nextDueAt(): number | null {
    const deliverAt = this.#store.listUndelivered()[0]?.deliverAt ?? null;
    const doneAt = this.#store.oldestDoneAt();
    const times = [deliverAt, doneAt === null ? null : doneAt + graceMs + 1];
    return times.reduce((first, time) => {
      if (first === null || time === null) return first ?? time;
      return Math.min(first, time);
    }, null);
  }

  async #toDatabase(turn: TurnRow): Promise<void> {
    if (turn.isStored) return;
    try {
      await this.#finishInDatabase(turn);
    } catch (error) {
      if (isRefusedForGood(error)) this.#noteRefusal(turn, error);
      throw error;
    } finally {
      this.#toSite(turn);
    }
  }

  /**
   * Tells the budget of the site what a turn has used, beside the delivery: nothing waits for it, and
   * the budget finds in D1 what does not reach it.
   */
  #toSite(turn: TurnRow): void {
    if (!turn.isBudgeted) return;
    const { turnId } = turn;
    this.#tellSite(turn).catch((error: unknown) => {
      this.#deps.log.warn("limits.use_not_told", { turnId, error: String(error) });
    });
  }

  /** Reads the log before it waits for anything, because a deleted chat loses it. */
  async #tellSite(turn: TurnRow): Promise<void> {
    const costNanos = this.#costOf(turn);
    await this.#deps.turnCount.settle(turn.turnId, { ...this.#useOf(turn), costNanos });
  }

  /**
   * What a turn has cost, in nano-dollars, by the prices at its beginning. What the provider did not
   * count counts by an estimate of the input and by what was written. A turn that has called no model
   * has cost nothing.
   *
   * @returns undefined when no price was known
   */
  #costOf(turn: TurnRow): number | undefined {
    if (hasUsedNothing(turn)) return 0;
    const { inputNanos, outputNanos, expectedInputTokens } = turn;
    if (inputNanos === null || outputNanos === null) return undefined;
    // Without reading the log.
    if (inputNanos + outputNanos === 0) return 0;
    const { inputTokens, outputTokens, writtenBytes } = this.#useOf(turn);
    const tokens = {
      inputTokens: inputTokens ?? expectedInputTokens ?? 0,
      outputTokens: outputTokens ?? Math.ceil(writtenBytes / bytesPerToken),
    };
    return costOf({ inputNanos, outputNanos }, tokens);
  }

  #useOf(turn: TurnRow): TurnUse {
    const { inputTokens, outputTokens } = outcomeOf(turn);
    const { uncountedInputTokens, uncountedOutputTokens } = turn;
    if (uncountedInputTokens !== null && uncountedOutputTokens !== null) {
      return {
        inputTokens: (inputTokens ?? 0) + uncountedInputTokens,
        outputTokens: (outputTokens ?? 0) + uncountedOutputTokens,
        writtenBytes: 0,
      };
    }
    // The object has died, or an earlier version has ended the turn.
    if (inputTokens !== undefined && outputTokens !== undefined) {
      return { inputTokens, outputTokens, writtenBytes: 0 };
    }
    const [first] = this.#log.read(turn.turnId, -1, Number.MAX_SAFE_INTEGER, 1);
    let writtenBytes = 0;
    let seq = 0;
    for (const chunk of readChunks(this.#log, turn.turnId)) {
      // The first block has what the answer had before.
      if (seq > (first?.lastSeq ?? -1)) writtenBytes += shownBytes(chunk);
      seq += 1;
    }
    return { inputTokens, outputTokens, writtenBytes };
  }

  #noteRefusal(turn: TurnRow, error: unknown): void {
    const { turnId, userId, chatId } = turn;
    if (this.#isParked(turn) || this.#store.countRefusal(turnId) < refusalsToPark) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#store.park(turnId, this.#deps.now(), reason.slice(0, reasonMaxLength));
    this.#deps.log.error("messages.delivery_parked", error, { turnId, userId, chatId });
    // Pages that wait for the end read again, and get it from the object.
    const { status } = outcomeOf(turn);
    this.#deps.publish(userId, { type: "turn-ended", chatId, streamId: turnId, status });
  }

  async #finishInDatabase(turn: TurnRow): Promise<void> {
    const outcome = outcomeOf(turn);
    const content = this.#deps.contentFor(turn);
    const parts = await rebuildParts(readChunks(this.#log, turn.turnId));
    const settled = await settleDocuments(content, turn, outcome.status, parts);
    const costNanos = this.#costOf(turn);
    const end = {
      ...outcome,
      parts: JSON.stringify(settled),
      finishedAt: turn.finishedAt ?? turn.startedAt,
      ...(costNanos !== undefined && { costNanos }),
    };
    const isFinished = await finishMessage(content, turn, end);
    // The chat may have moved from a guest to an account meanwhile. Checked after the attempt, so
    // that no move is missed.
    const carried = isFinished ? undefined : await findCarriedAnswer(content, turn);
    if (carried) await finishMessage(content, carried, end);
    this.#store.setStored(turn.turnId);
    const { userId, chatId } = carried ?? turn;
    const { turnId, contentShard } = turn;
    const { status } = outcome;
    if (isFinished || carried) {
      void this.#deps.notify({ userId, chatId, contentShard, turnId, status, parts: end.parts });
    }
    this.#deps.publish(userId, { type: "turn-ended", chatId, streamId: turnId, status });
  }

  async #toQuota(turn: TurnRow): Promise<void> {
    const { turnId, userId, startedAt } = turn;
    const tokens = (turn.inputTokens ?? 0) + (turn.outputTokens ?? 0);
    const costNanos = this.#costOf(turn);
    if (tokens === 0 && costNanos === undefined) return;
    const finishedAt = turn.finishedAt ?? startedAt;
    await this.#deps.countTokens(userId, {
      ...{ streamId: turnId, tokens, finishedAt },
      ...(costNanos !== undefined && { costNanos }),
    });
  }

  async #toArchive(turn: TurnRow): Promise<void> {
    if (turn.archivedIn) return;
    this.#store.setArchived(turn.turnId, await this.#deps.archive.put(turn, this.#log));
  }

  async #forgetTurn(turn: TurnRow): Promise<void> {
    const { turnId, archivedIn } = turn;
    const expiresAt = (turn.finishedAt ?? turn.startedAt) + archiveTtlSeconds * 1_000;
    if (archivedIn === "r2" && expiresAt > this.#deps.now()) {
      // KV expires by itself. The row stays, so that the copy in R2 is deleted later.
      this.#log.delete(turnId);
      this.#store.setDone(turnId, expiresAt - graceMs);
      return;
    }
    try {
      if (archivedIn === "r2") await this.#deps.archive.delete(turnId, archivedIn);
    } catch (error) {
      this.#deps.log.error("messages.archive_not_deleted", error, { turnId });
      this.#store.setDone(turnId, this.#deps.now());
      return;
    }
    this.#log.delete(turnId);
    this.#store.delete(turnId);
  }
}

/** Whether a turn is known to have called no model. */
function hasUsedNothing(turn: TurnRow): boolean {
  const { inputTokens, outputTokens, uncountedInputTokens, uncountedOutputTokens } = turn;
  const tokens = [inputTokens ?? 0, outputTokens ?? 0, uncountedInputTokens, uncountedOutputTokens];
  return tokens.every((count) => count === 0);
}

function toParked({ turnId, parkedReason, parkedAt }: TurnRow): ParkedTurn {
  return { turnId, reason: parkedReason ?? "", since: parkedAt ?? 0 };
}
