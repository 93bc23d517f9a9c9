/**
 * Finds turns that are open on disk but not run by this instance of the chat's object, because the
 * instance that ran them has died. Such a turn restarts where its log ends, if it got somewhere and
 * its owner's limits allow it, and otherwise ends as interrupted.
 */
import type { TurnCount } from "../../../limits/day-limits.ts";
import type { FinalStatus } from "../../turn/chunks.ts";
import { rebuildParts } from "../../turn/rebuild-message.ts";
import { parseParts } from "../../turn/stored-parts.ts";
import type { RestartRequest } from "../prepare/check-restart.ts";
import type { ModelResolver, PricedTurn } from "../prepare/preparation.ts";
import { prepareTurn, restartCountId } from "../prepare/prepare-turn.ts";
import { readChunks } from "../turn-log.ts";
import type { TurnRow } from "../turn-store.ts";
import { type CutLog, maxRestarts, readCutLog } from "./cut-log.ts";
import type { OwnerLimits } from "./owner-limits.ts";
import { type RecoverDeps, recoverTurn } from "./recover-turn.ts";

export interface RecoveryDeps extends RecoverDeps {
  readonly resolveModel: ModelResolver;
  readonly limitsOf: (turn: TurnRow) => Promise<OwnerLimits | null>;
  readonly turnCount: TurnCount;
  /** Of a whole turn, restarts included. */
  readonly totalMs: number;
  /** Whether this instance runs the turn. */
  readonly isOpen: (turnId: string) => boolean;
  /** Lets this instance run the turn from where its log ends. Synchronous. */
  readonly restart: (turn: TurnRow, prepared: PricedTurn, log: CutLog) => void;
  /** Delivers the ends, and sets the alarm. */
  readonly deliver: () => Promise<void>;
}

export class TurnRecovery {
  readonly #deps: RecoveryDeps;
  #recovery: Promise<void> | null = null;
  /** Turns that must end instead of restarting, and how. */
  readonly #ends = new Map<string, FinalStatus>();

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
  }

  /**
   * Recovers lost turns, once per instance: at its first call or alarm.
   *
   * @throws what D1 throws, for a turn that was still starting; the next call retries
   */
  recover(): Promise<void> {
    this.#recovery ??= this.#recoverAll().catch((error) => {
      this.#recovery = null;
      throw error;
    });
    return this.#recovery;
  }

  /** Recovers lost turns. When D1 fails, a turn that has ended can still be read. */
  async recoverBefore(turnId: string | undefined): Promise<void> {
    try {
      await this.recover();
    } catch (error) {
      if (!turnId || this.#deps.turns.get(turnId)?.state !== "ended") throw error;
    }
  }

  /**
   * Recovers lost turns for a stop of this one. If it is lost, it ends as stopped: no model is called
   * for a turn whose reader has stopped it.
   */
  async stop(turnId: string): Promise<void> {
    this.#endAs(turnId, "stopped");
    await this.recoverBefore(turnId);
  }

  /**
   * Ends a turn that this instance can no longer run. Never throws: when D1 fails, the next call tries
   * again.
   */
  async giveUp(turnId: string): Promise<void> {
    this.#endAs(turnId, "interrupted");
    this.#recovery = null;
    await this.recover().catch(() => undefined);
  }

  /** Lets no lost turn restart any more, and waits for a recovery in progress. For a deleted chat. */
  async abandon(): Promise<void> {
    for (const { turnId } of this.#deps.turns.listOpen()) this.#endAs(turnId, "interrupted");
    await this.#recovery?.catch(() => undefined);
    for (const turn of this.#listLost()) {
      const log = this.#readLog(turn);
      if (log) await this.#giveBack(turn, log);
    }
  }

  #endAs(turnId: string, status: FinalStatus): void {
    const state = this.#deps.turns.get(turnId)?.state;
    const isLost = state !== undefined && state !== "ended" && !this.#deps.isOpen(turnId);
    if (isLost) this.#ends.set(turnId, status);
  }

  async #recoverAll(): Promise<void> {
    const lost = this.#listLost();
    for (const turn of lost) {
      if (await this.#restart(turn)) continue;
      await recoverTurn(turn, this.#ends.get(turn.turnId) ?? "interrupted", this.#deps);
      this.#ends.delete(turn.turnId);
    }
    if (lost.length > 0) await this.#deps.deliver();
  }

  #listLost(): TurnRow[] {
    return this.#deps.turns.listOpen().filter(({ turnId }) => !this.#deps.isOpen(turnId));
  }

  /** @returns false when the turn has to end */
  async #restart(turn: TurnRow): Promise<boolean> {
    const log = this.#readLog(turn);
    if (!log) return false;
    try {
      const preparation = this.#mayRestart(turn) ? await this.#prepare(turn, log) : null;
      // Nothing is awaited between this check and the restart, so a stop comes before or after it.
      if (preparation && this.#mayRestart(turn)) {
        this.#deps.restart(turn, preparation, log);
        this.#deps.log.info("messages.turn_restarted", {
          turnId: turn.turnId,
          restarts: log.restarts + 1,
        });
        return true;
      }
    } catch (error) {
      this.#deps.log.warn("messages.turn_not_restarted", {
        turnId: turn.turnId,
        error: String(error),
      });
    }
    await this.#giveBack(turn, log);
    return false;
  }

  /**
   * Uncounts a restart that calls no model, also one that an instance has counted that died before it
   * could. If the count cannot be reached, the owner has one message less that day.
   */
  async #giveBack(turn: TurnRow, { restarts }: CutLog): Promise<void> {
    const countId = restartCountId(turn, restarts + 1);
    await this.#deps.turnCount.giveBack(turn, countId).catch(() => undefined);
  }

  #mayRestart({ turnId }: TurnRow): boolean {
    return this.#deps.turns.get(turnId)?.state === "live" && !this.#ends.has(turnId);
  }

  /** Reads the log of a turn that may restart; null when it must end. */
  #readLog(turn: TurnRow): CutLog | null {
    const { chunks, timers, totalMs } = this.#deps;
    // A turn of an earlier version lacks what a restart needs.
    if (turn.wish === null || turn.state !== "live") return null;
    if (timers.now() - turn.startedAt >= totalMs) return null;
    const [first] = chunks.read(turn.turnId, -1, Number.MAX_SAFE_INTEGER, 1);
    if (!first) return null;
    const log = readCutLog(readChunks(chunks, turn.turnId), first.lastSeq + 1);
    return log.hasProgress && !log.isFinished && log.restarts < maxRestarts ? log : null;
  }

  /** Counts the restart, and collects what the model gets; null when it is refused. */
  async #prepare(turn: TurnRow, log: CutLog): Promise<PricedTurn | null> {
    const limits = await this.#deps.limitsOf(turn);
    if (!limits) return null;
    const content = this.#deps.contentFor(turn);
    const chunks = chain(readChunks(this.#deps.chunks, turn.turnId), log.closing);
    // As D1 would have them, so that the model gets what it would get after "Continue".
    const keptParts = parseParts(JSON.stringify(await rebuildParts(chunks)));
    const { userId, chatId, contentShard, assistantMessageId: messageId } = turn;
    const base = { userId, chatId, contentShard, messageId, ...limits };
    const request: RestartRequest = {
      ...base,
      kind: "restart",
      keptParts,
      count: log.restarts + 1,
    };
    const preparation = await prepareTurn({ ...this.#deps, content }, request, turn);
    return preparation.kind === "refused" ? null : preparation;
  }
}

function* chain<T>(...parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}
