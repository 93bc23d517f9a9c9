/**
 * The turns of one chat, owned by its Durable Object. Starts and stops turns, serves their readers,
 * recovers them after a crash, and delivers their ends to D1 and the archive.
 */
import type { ContentDb } from "db";
import type { AnswerPorts, Tools } from "../../../ai/tools/registry.ts";
import type { EventId } from "../../../contracts/event-id.ts";
import type { ChatNews } from "../../../contracts/news.ts";
import { BlockLog } from "../../../platform/block-log.ts";
import { newId } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/log.ts";
import type { TurnCount } from "../../limits/day-limits.ts";
import type { EndedAnswer } from "../../notifications/push-answer.ts";
import type { FileSource } from "../../uploads/model/file-source.ts";
import type { Outcome } from "../turn/chunks.ts";
import { rebuildParts } from "../turn/rebuild-message.ts";
import type { TurnArchive } from "../turn/turn-archive.ts";
import type {
  ParkedTurn,
  ReadResult,
  ReadShape,
  RetryResult,
  SettledTurn,
  StartResult,
  StopResult,
  TurnOwner,
  TurnRequest,
  TurnState,
} from "../turn/turn-protocol.ts";
import type { AnswerLimits } from "./answer/generate-answer.ts";
import { beginTurn, type RunDeps, restartTurn } from "./answer/run-turn.ts";
import { type CountTokens, outcomeOf, TurnOutbox } from "./finish/turn-outbox.ts";
import type { Timers } from "./live/flush-buffer.ts";
import { LiveTurn, type TurnStorage } from "./live/live-turn.ts";
import { readEnded } from "./live/turn-readers.ts";
import type { ModelResolver, PricedTurn } from "./prepare/preparation.ts";
import { prepareTurn, wantTurn } from "./prepare/prepare-turn.ts";
import { setModelTitle } from "./queries.ts";
import type { CutLog } from "./recover/cut-log.ts";
import type { OwnerLimits } from "./recover/owner-limits.ts";
import { TurnRecovery } from "./recover/turn-recovery.ts";
import { readChunks } from "./turn-log.ts";
import { type NewTurn, type TurnRow, TurnStore } from "./turn-store.ts";

/**
 * While a turn is open, an alarm fires after this long, again and again. It recovers a turn whose
 * instance has died, and shows the platform that an object without readers is at work.
 */
export const leaseMs = 30_000;

export interface ChatTurnsDeps {
  readonly sql: SqlStorage;
  readonly storage: TurnStorage & {
    setAlarm(time: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
  readonly resolveModel: ModelResolver;
  /** Makes a turn's tools, bound to its owner and chat; `ports` are bound to its answer. */
  readonly toolsFor: (turn: NewTurn, ports: AnswerPorts) => Tools;
  /** Reads files of a chat's owner. */
  readonly filesOf: (owner: TurnOwner) => FileSource;
  readonly contentFor: (owner: { readonly contentShard: number }) => ContentDb;
  readonly archive: Pick<TurnArchive, "put" | "delete">;
  /** Sends news to the user's open pages. Never throws. */
  readonly publish: (userId: string, news: ChatNews) => void;
  /** Notifies the owner of an answer that has ended. Never throws. */
  readonly notify: (answer: EndedAnswer) => Promise<void>;
  readonly turnCount: TurnCount;
  /** Reads the limits of a turn's owner; null when the owner may start no turn any more. */
  readonly limitsOf: (turn: TurnRow) => Promise<OwnerLimits | null>;
  readonly countTokens: CountTokens;
  readonly timers: Timers;
  readonly log: Logger;
  readonly limits: AnswerLimits;
  /** Between two writes of an answer's log, on average. */
  readonly flushIntervalMs: number;
}

interface OpenTurn {
  /** Identifies the request that started it: repeating the request returns the same turn. */
  readonly wish: string | null;
  readonly live: LiveTurn;
  readonly started: Promise<StartResult>;
  /** Set when the turn starts to end. The first outcome wins. */
  ending: Promise<void> | null;
}

export class ChatTurns {
  readonly #deps: ChatTurnsDeps;
  #log: BlockLog;
  #store: TurnStore;
  #outbox: TurnOutbox;
  /** The one turn that this instance is running. */
  #open: OpenTurn | null = null;
  #recovery: TurnRecovery;

  constructor(deps: ChatTurnsDeps) {
    this.#deps = deps;
    this.#log = new BlockLog(deps.sql);
    this.#store = new TurnStore(deps.sql);
    this.#outbox = this.#newOutbox();
    this.#recovery = this.#newRecovery();
  }

  /**
   * Starts the turn that a request asks for, or returns the turn that the same request has started.
   *
   * @throws what D1 or the user's object throws; it is then unknown whether a turn has started
   */
  async start(request: TurnRequest): Promise<StartResult> {
    await this.recover();
    const { wish, ...messageIds } = wantTurn(request);
    if (this.#open) {
      return this.#open.wish === wish ? this.#withAnswer(this.#open, request) : { kind: "busy" };
    }
    // If this throws, nothing has to be undone yet.
    const content = this.#deps.contentFor(request);

    // Nothing is awaited between here and the insert, so no second turn can start in between.
    const { userId, chatId, contentShard } = request;
    const guestAddress = request.dayLimits.guests?.addressKey ?? null;
    const startedAt = this.#deps.timers.now();
    const isBudgeted: 0 | 1 = request.dayLimits.site ? 1 : 0;
    const facts = { userId, chatId, contentShard, wish, guestAddress, isBudgeted, startedAt };
    const turn = { turnId: newId(), ...facts, ...messageIds };
    this.#store.insert(turn);
    const live = this.#newLiveTurn(turn);
    const started = this.#begin(content, request, turn, live);
    const open = { wish, live, started, ending: null };
    this.#open = open;
    return this.#withAnswer(open, request);
  }

  /** The result of a start, with the answer for a request that reads it while it is live. */
  async #withAnswer({ live, started }: OpenTurn, { isRead }: TurnRequest): Promise<StartResult> {
    const result = await started;
    const isLive = result.kind === "started" && this.#open?.live === live;
    return isLive && isRead ? { ...result, stream: live.readers.open(-1) } : result;
  }

  async #begin(
    content: ContentDb,
    request: TurnRequest,
    turn: NewTurn,
    live: LiveTurn,
  ): Promise<StartResult> {
    try {
      // The first alarm is set in the same write as the turn's row.
      await this.#schedule();
      // The model's history is read from D1, so the ends of earlier turns must be there first.
      await this.#outbox.flushToDatabase();
      const preparation = await prepareTurn({ ...this.#deps, content }, request, turn);
      if (preparation.kind === "refused") {
        this.#open = null;
        this.#store.delete(turn.turnId);
        // Readers that connected meanwhile ask again, and learn that there is no turn.
        live.readers.dropAll();
        return preparation.result;
      }
      // In one write, so that a live turn always has its beginning in the log.
      this.#store.setLive(turn.turnId, preparation.pricing);
      this.#run(turn, live, beginTurn(turn, live, preparation, this.#runDeps(turn)));
    } catch (error) {
      // It is unknown whether D1 has the rows. Recovery finds out, now or at the next call.
      await this.#letGo(live);
      throw error;
    }
    const { turnId, assistantMessageId, chatId } = turn;
    this.#deps.publish(turn.userId, { type: "turn-started", chatId, streamId: turnId });
    return { kind: "started", turn: { streamId: turnId, assistantMessageId } };
  }

  /** Goes on with a turn that another instance began. Readers see one turn with one log. */
  #restart(turn: TurnRow, prepared: PricedTurn, log: CutLog): void {
    // Its estimate was counted by this price, so its end is too.
    this.#store.setPricing(turn.turnId, prepared.pricing);
    const live = this.#newLiveTurn(turn);
    live.restore(readChunks(this.#log, turn.turnId));
    const deps = this.#runDeps(turn);
    const totalMs = turn.startedAt + deps.limits.totalMs - this.#deps.timers.now();
    const run = restartTurn(live, prepared, log, { ...deps, limits: { ...deps.limits, totalMs } });
    const { turnId: streamId, assistantMessageId, wish } = turn;
    const started = { kind: "started", turn: { streamId, assistantMessageId } } as const;
    this.#open = { wish, live, started: Promise.resolve(started), ending: null };
    this.#run(turn, live, run);
  }

  #newLiveTurn({ turnId }: NewTurn): LiveTurn {
    const { storage, timers, flushIntervalMs } = this.#deps;
    return new LiveTurn(turnId, this.#log, storage, timers, flushIntervalMs);
  }

  #run(turn: NewTurn, live: LiveTurn, run: () => Promise<Outcome>): void {
    run()
      .then((outcome) => this.#end(live.turnId, outcome))
      .catch((error: unknown) => {
        this.#deps.log.error("messages.turn_not_ended", error, { turnId: turn.turnId });
      });
  }

  /**
   * Ends a turn that cannot continue as interrupted, from what is on disk. Its readers reconnect.
   */
  async #letGo(live: LiveTurn): Promise<void> {
    live.abort.abort();
    if (this.#open?.live === live) this.#open = null;
    await this.#recovery.giveUp(live.turnId);
    live.readers.dropAll();
  }

  #runDeps(turn: NewTurn): RunDeps {
    const { timers, log, limits, flushIntervalMs, toolsFor, contentFor, publish } = this.#deps;
    return {
      timers,
      log,
      limits,
      flushIntervalMs,
      toolsFor: (ports) => toolsFor(turn, ports),
      files: this.#deps.filesOf(turn),
      setTitle: async (title) => {
        const chat = await setModelTitle(contentFor(turn), turn, title);
        if (chat) publish(chat.userId, { type: "titled", chatId: chat.chatId, title });
        return chat !== undefined;
      },
    };
  }

  /** Ends the open turn. A second call waits for the first. */
  #end(turnId: string, outcome: Outcome): Promise<void> {
    const open = this.#open;
    if (!open || open.live.turnId !== turnId) return Promise.resolve();
    open.ending ??= this.#finish(open, outcome);
    return open.ending;
  }

  async #finish(open: OpenTurn, outcome: Outcome): Promise<void> {
    const { live } = open;
    // One transaction: the terminal chunk, the turn's end, and the outbox entry.
    try {
      await live.end(outcome, (finishedAt) =>
        this.#store.setEnded(live.turnId, outcome, finishedAt, live.usage.uncounted),
      );
    } catch (error) {
      await this.#letGo(live);
      throw error;
    }
    // The end is on disk, so the next turn may start.
    if (this.#open === open) this.#open = null;
    // A caller who stops an answer waits for D1, but not for the archive. A failure here is handled
    // by the delivery below.
    await this.#outbox.flushToDatabase().catch(() => undefined);
    void this.#deliver();
  }

  /**
   * Reads a turn's chunks, in the format of `turn-protocol.ts`.
   *
   * @param turnId the turn; the live one when undefined
   * @param after the reader's last id; ignored when it belongs to another turn
   * @param shape "page" for the chunks so far in one piece, if they are few enough; otherwise a
   *   byte stream
   */
  async read(
    turnId: string | undefined,
    after: EventId | undefined,
    shape: ReadShape,
  ): Promise<ReadResult> {
    const wanted = turnId ?? after?.streamId;
    await this.#recovery.recoverBefore(wanted);
    const turn = (wanted ? this.#store.get(wanted) : undefined) ?? this.#liveTurn(turnId);
    if (!turn) return { kind: wanted === undefined ? "none" : "unknown" };
    const afterSeq = after?.streamId === turn.turnId ? after.seq : -1;
    if (this.#open?.live.turnId === turn.turnId) {
      const { live } = this.#open;
      if (afterSeq > live.durableSeq) return { kind: "past-end" };
      return live.readers.read(turn.turnId, afterSeq, shape);
    }
    return readEnded(this.#log, turn.turnId, afterSeq, shape);
  }

  /** The last durable chunk of a live turn, so readers may have it; null when it is not live. */
  async liveSeq(turnId: string): Promise<number | null> {
    await this.#recovery.recoverBefore(turnId);
    return this.#open?.live.turnId === turnId ? this.#open.live.durableSeq : null;
  }

  /** Disconnects the readers of the live answer. Those who may still read it come back. */
  dropReaders(): void {
    this.#open?.live.readers.dropAll();
  }

  #liveTurn(turnId: string | undefined): TurnRow | undefined {
    if (turnId !== undefined || !this.#open) return undefined;
    return this.#store.get(this.#open.live.turnId);
  }

  /** Aborts the provider's request and ends the answer with what has arrived. Idempotent. */
  async stop(turnId: string): Promise<StopResult> {
    await this.#recovery.stop(turnId);
    const open = this.#open;
    if (open?.live.turnId === turnId) {
      await open.started;
      open.live.abort.abort();
      await this.#end(turnId, stoppedOutcome(open.live));
    }
    const turn = this.#store.get(turnId);
    if (turn?.state !== "ended") return { kind: "none" };
    return { kind: "ended", status: outcomeOf(turn).status };
  }

  /** Deletes everything, for a deleted chat. Readers of a live answer see it stopped. */
  async purge(): Promise<void> {
    await this.#recovery.abandon();
    const open = this.#open;
    if (open) {
      await open.started.catch(() => undefined);
      open.live.abort.abort();
      await this.#end(open.live.turnId, stoppedOutcome(open.live));
    }
    // Waits, because a delivery in progress would leave its log in the archive.
    await this.#outbox.settled();
    await this.#outbox.deleteArchives();
    await this.#deps.storage.deleteAll();
    // deleteAll drops the tables, and this instance may be called again.
    this.#log = new BlockLog(this.#deps.sql);
    this.#store = new TurnStore(this.#deps.sql);
    this.#outbox = this.#newOutbox();
    this.#recovery = this.#newRecovery();
  }

  /**
   * Restarts or ends each turn whose instance has died. Runs once per instance, at its first call or
   * alarm.
   *
   * @throws what D1 throws, for a turn that was still starting; the next call retries
   */
  recover(): Promise<void> {
    return this.#recovery.recover();
  }

  /**
   * Returns the state of a turn, for a caller that found its message still open in D1. An ended
   * turn comes with its parts, whether D1 has them yet or not.
   */
  async settle(turnId: string): Promise<SettledTurn> {
    await this.#recovery.recoverBefore(turnId);
    const turn = this.#store.get(turnId);
    if (!turn) return { kind: "none" };
    if (turn.state !== "ended") return { kind: "live" };
    const parts = JSON.stringify(await rebuildParts(readChunks(this.#log, turnId)));
    return { kind: "ended", ...outcomeOf(turn), finishedAt: turn.finishedAt, parts };
  }

  /** The alarm: recovers turns, makes due deliveries, and deletes old logs. */
  async alarm(): Promise<void> {
    try {
      await this.recover();
    } catch (error) {
      // The alarm set below tries again, and so does the next call.
      this.#deps.log.error("messages.recovery_failed", error);
    }
    await this.#outbox.deliver();
    await this.#outbox.forget();
    await this.#schedule();
  }

  /** Describes a turn that D1 takes for one in progress. For an operator. */
  async describe(turnId: string): Promise<TurnState> {
    await this.#recovery.recoverBefore(turnId);
    const live = this.#open?.live;
    if (live?.turnId === turnId) {
      return { kind: "live", chunks: live.durableSeq + 1, readers: live.readers.count };
    }
    const parked = this.parked().find((turn) => turn.turnId === turnId);
    return parked ? { kind: "parked", reason: parked.reason } : { kind: "ending" };
  }

  /** Lists the ends that D1 refuses for good, oldest first. For an operator. */
  parked(): ParkedTurn[] {
    return this.#outbox.parked();
  }

  /** Tries a parked end once more, after an operator has removed the cause of the refusal. */
  async retryParked(turnId: string): Promise<RetryResult> {
    const result = await this.#outbox.retryParked(turnId);
    await this.#schedule();
    return result;
  }

  async #deliver(): Promise<void> {
    await this.#outbox.deliver();
    await this.#schedule();
  }

  /** Sets the one alarm to the earliest of these: the end of the lease, a delivery, a deletion. */
  async #schedule(): Promise<void> {
    const isOpen = this.#store.listOpen().length > 0;
    const leaseAt = isOpen ? this.#deps.timers.now() + leaseMs : null;
    const dueAt = this.#outbox.nextDueAt();
    const time = Math.min(leaseAt ?? Number.POSITIVE_INFINITY, dueAt ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(time)) await this.#deps.storage.setAlarm(time);
  }

  #newOutbox(): TurnOutbox {
    const now = () => this.#deps.timers.now();
    return new TurnOutbox(this.#store, this.#log, { ...this.#deps, now });
  }

  #newRecovery(): TurnRecovery {
    return new TurnRecovery({
      ...this.#deps,
      turns: this.#store,
      chunks: this.#log,
      totalMs: this.#deps.limits.totalMs,
      isOpen: (turnId) => this.#open?.live.turnId === turnId,
      restart: (turn, prepared, log) => this.#restart(turn, prepared, log),
      deliver: () => this.#deliver(),
    });
  }
}

/** The outcome of an answer that is stopped now. */
function stoppedOutcome({ usage }: LiveTurn): Outcome {
  return { status: "stopped", ...usage.counted };
}
