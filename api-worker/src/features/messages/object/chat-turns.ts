/**
 * The turns of one chat, owned by its Durable Object: starts them, lets them be read and stopped,
 * recovers what a crash left, and brings each end to D1. The object's class only forwards to it.
 */
import type { ContentDb } from "db";
import type { ToolPorts, Tools } from "../../../ai/tools/registry.ts";
import type { EventId } from "../../../contracts/event-id.ts";
import type { ChatNews } from "../../../contracts/news.ts";
import { BlockLog } from "../../../platform/block-log.ts";
import { newId } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/log.ts";
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
} from "../turn/turn-protocol.ts";
import type { AnswerLimits } from "./answer/generate-answer.ts";
import { beginTurn, type RunDeps } from "./answer/run-turn.ts";
import { recoverTurn } from "./finish/recover-turn.ts";
import { type CountTokens, outcomeOf, TurnOutbox } from "./finish/turn-outbox.ts";
import type { Timers } from "./live/flush-buffer.ts";
import { LiveTurn, type TurnStorage } from "./live/live-turn.ts";
import { TurnReaders } from "./live/turn-readers.ts";
import type { ModelResolver } from "./prepare/preparation.ts";
import { prepareTurn, wantTurn } from "./prepare/prepare-turn.ts";
import { setModelTitle } from "./queries.ts";
import { readChunks } from "./turn-log.ts";
import { archivePlaces, type NewTurn, type TurnRow, TurnStore } from "./turn-store.ts";

/** A turn whose object gives no sign for this long is recovered by the alarm. */
export const leaseMs = 30_000;

export interface ChatTurnsDeps {
  readonly sql: SqlStorage;
  readonly storage: TurnStorage & {
    setAlarm(time: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
  readonly resolveModel: ModelResolver;
  /** Makes the tools of a turn, with ports bound to its owner and chat, and `emit` to the turn. */
  readonly toolsFor: (turn: TurnOwner, emit: ToolPorts["emit"]) => Tools;
  /** The files of a chat's owner. */
  readonly filesOf: (owner: TurnOwner) => FileSource;
  readonly contentFor: (owner: { readonly contentShard: number }) => ContentDb;
  readonly archive: Pick<TurnArchive, "put" | "delete">;
  /** Tells the user's pages. Never throws. */
  readonly publish: (userId: string, news: ChatNews) => Promise<void>;
  readonly countTokens: CountTokens;
  readonly timers: Timers;
  readonly log: Logger;
  readonly limits: AnswerLimits;
}

interface OpenTurn {
  /** What started it: the same wish again gets the same turn. */
  readonly wish: string;
  readonly live: LiveTurn;
  readonly started: Promise<StartResult>;
  /** The end, once it has begun: the first wins. */
  ending: Promise<void> | null;
}

export class ChatTurns {
  readonly #deps: ChatTurnsDeps;
  #log: BlockLog;
  #store: TurnStore;
  #outbox: TurnOutbox;
  /** The one turn that this instance is making. */
  #open: OpenTurn | null = null;
  #recovery: Promise<void> | null = null;
  #leaseRenewedAt = 0;

  constructor(deps: ChatTurnsDeps) {
    this.#deps = deps;
    this.#log = new BlockLog(deps.sql);
    this.#store = new TurnStore(deps.sql);
    this.#outbox = this.#newOutbox();
  }

  /**
   * Starts the turn that a request wants, or returns the one that the same request has started.
   *
   * @throws what D1 throws; whether a turn has begun is then not known
   */
  async start(request: TurnRequest): Promise<StartResult> {
    await this.recover();
    const { wish, ...messageIds } = wantTurn(request);
    if (this.#open) {
      if (this.#open.wish !== wish) return { kind: "busy" };
      const result = await this.#open.started;
      return result.kind === "started" ? { ...result, isRepeat: true } : result;
    }
    // Fails here, if at all: nothing is open yet that would have to be taken back.
    const content = this.#deps.contentFor(request);

    // From here to the insert nothing waits, so no second turn can come in between.
    const { userId, chatId, contentShard } = request;
    const startedAt = this.#deps.timers.now();
    const turn = { turnId: newId(), userId, chatId, contentShard, ...messageIds, startedAt };
    this.#store.insert(turn);
    const live = new LiveTurn(turn.turnId, this.#log, this.#deps.storage, this.#deps.timers);
    const started = this.#begin(content, request, turn, live);
    this.#open = { wish, live, started, ending: null };
    return started;
  }

  async #begin(
    content: ContentDb,
    request: TurnRequest,
    turn: NewTurn,
    live: LiveTurn,
  ): Promise<StartResult> {
    try {
      // The first call sets the alarm in the same write as the turn's row.
      await this.#schedule();
      // What the model is told stands in D1: the ends of earlier turns have to be there.
      await this.#outbox.flushToDatabase();
      const preparation = await prepareTurn(content, request, turn, this.#deps.resolveModel);
      if (preparation.kind === "refused") {
        this.#open = null;
        this.#store.delete(turn.turnId);
        // Who came to read it meanwhile asks again, and is told that there is nothing.
        live.readers.dropAll();
        return preparation.result;
      }
      // In one write: a turn that is live has its beginning in the log.
      this.#store.setLive(turn.turnId);
      this.#run(turn, live, beginTurn(turn, live, preparation, this.#runDeps(turn)));
    } catch (error) {
      // Whether D1 has the rows is not known: recovery asks it, now or at the next call.
      await this.#letGo(live);
      throw error;
    }
    const { turnId, assistantMessageId, chatId } = turn;
    void this.#deps.publish(turn.userId, { type: "turn-started", chatId, streamId: turnId });
    return { kind: "started", turn: { streamId: turnId, assistantMessageId } };
  }

  #run(turn: NewTurn, live: LiveTurn, run: () => Promise<Outcome>): void {
    run()
      .then((outcome) => this.#end(live.turnId, outcome))
      .catch((error: unknown) => {
        this.#deps.log.error("messages.turn_not_ended", error, { turnId: turn.turnId });
      });
  }

  /** Makes no more of a turn that cannot go on: what is on disk of it is recovered, and its readers read that. */
  async #letGo(live: LiveTurn): Promise<void> {
    live.abort.abort();
    if (this.#open?.live === live) this.#open = null;
    this.#recovery = null;
    await this.recover().catch(() => undefined);
    live.readers.dropAll();
  }

  #runDeps(turn: NewTurn): RunDeps {
    const { timers, log, limits, toolsFor, contentFor, publish } = this.#deps;
    return {
      timers,
      log,
      limits,
      toolsFor: (emit) => toolsFor(turn, emit),
      files: this.#deps.filesOf(turn),
      onActivity: () => this.#renewLease(),
      setTitle: async (title) => {
        const chat = await setModelTitle(contentFor(turn), turn, title);
        if (chat) void publish(chat.userId, { type: "titled", chatId: chat.chatId, title });
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
      await live.end(outcome, () =>
        this.#store.setEnded(live.turnId, outcome, this.#deps.timers.now()),
      );
    } catch (error) {
      await this.#letGo(live);
      throw error;
    }
    // The end is on disk: the chat is free for the next turn.
    if (this.#open === open) this.#open = null;
    // Who stops an answer waits for D1, and not for the archive. What fails here fails there again.
    await this.#outbox.flushToDatabase().catch(() => undefined);
    void this.#deliver();
  }

  /**
   * A turn's chunks, as `turn-protocol.ts` has them.
   *
   * @param turnId the turn; the live one when undefined
   * @param after the reader's last id; ignored when it is of another turn
   * @param shape "page" for what there is at once, where that is little enough; else a byte stream
   */
  async read(
    turnId: string | undefined,
    after: EventId | undefined,
    shape: ReadShape,
  ): Promise<ReadResult> {
    const wanted = turnId ?? after?.streamId;
    await this.#recoverBefore(wanted);
    const turn = (wanted ? this.#store.get(wanted) : undefined) ?? this.#liveTurn(turnId);
    if (!turn) return { kind: wanted === undefined ? "none" : "unknown" };
    const afterSeq = after?.streamId === turn.turnId ? after.seq : -1;
    if (this.#open?.live.turnId === turn.turnId) {
      const { live } = this.#open;
      if (afterSeq > live.durableSeq) return { kind: "past-end" };
      return live.readers.read(turn.turnId, afterSeq, shape);
    }
    const lastSeq = this.#log.lastSeq(turn.turnId);
    if (lastSeq < 0) return { kind: "unknown" };
    if (afterSeq > lastSeq) return { kind: "past-end" };
    if (afterSeq === lastSeq) return { kind: "whole" };
    const readers = new TurnReaders({
      durableSeq: () => lastSeq,
      terminalSeq: () => lastSeq,
      read: (from, until, maxLength) => this.#log.read(turn.turnId, from, until, maxLength),
    });
    return readers.read(turn.turnId, afterSeq, shape);
  }

  /** How far readers of a live turn can be now: its last chunk on disk. null when it is not live. */
  liveSeq(turnId: string): number | null {
    return this.#open?.live.turnId === turnId ? this.#open.live.durableSeq : null;
  }

  #liveTurn(turnId: string | undefined): TurnRow | undefined {
    if (turnId !== undefined || !this.#open) return undefined;
    return this.#store.get(this.#open.live.turnId);
  }

  /** Aborts the provider's request and ends the answer with what came. Idempotent. */
  async stop(turnId: string): Promise<StopResult> {
    await this.#recoverBefore(turnId);
    const open = this.#open;
    if (open?.live.turnId === turnId) {
      await open.started;
      open.live.abort.abort();
      await this.#end(turnId, { status: "stopped" });
    }
    const turn = this.#store.get(turnId);
    if (turn?.state !== "ended") return { kind: "none" };
    return { kind: "ended", status: outcomeOf(turn).status };
  }

  /** Forgets everything: the chat is being deleted. Readers of a live answer see it stopped. */
  async purge(): Promise<void> {
    const open = this.#open;
    if (open) {
      await open.started.catch(() => undefined);
      open.live.abort.abort();
      await this.#end(open.live.turnId, { status: "stopped" });
    }
    // What is on its way to the archive would be left there.
    await this.#outbox.settled();
    await this.#deleteArchives();
    await this.#deps.storage.deleteAll();
    // deleteAll takes the tables with it; this instance may be asked again.
    this.#log = new BlockLog(this.#deps.sql);
    this.#store = new TurnStore(this.#deps.sql);
    this.#outbox = this.#newOutbox();
  }

  /** No caller can read what is left of a deleted chat; in KV it goes within a day by itself. */
  async #deleteArchives(): Promise<void> {
    for (const { turnId, archivedIn } of this.#store.listAll()) {
      // One that died between the archive and its own row does not know where the log went.
      for (const place of archivedIn ? [archivedIn] : archivePlaces) {
        await this.#deps.archive.delete(turnId, place).catch((error: unknown) => {
          this.#deps.log.error("messages.archive_not_deleted", error, { turnId });
        });
      }
    }
  }

  /**
   * Ends turns that are open on disk but not in this instance: the one that made them has died.
   * Runs once for an instance, at its first call of any kind or its alarm, whichever comes first.
   *
   * @throws what D1 throws, for a turn that had only begun; to be tried again
   */
  recover(): Promise<void> {
    this.#recovery ??= this.#recoverAll().catch((error) => {
      this.#recovery = null;
      throw error;
    });
    return this.#recovery;
  }

  /** Recovers; but a failure of D1 for one turn does not block another that has ended. */
  async #recoverBefore(turnId: string | undefined): Promise<void> {
    try {
      await this.recover();
    } catch (error) {
      if (!turnId || this.#store.get(turnId)?.state !== "ended") throw error;
    }
  }

  async #recoverAll(): Promise<void> {
    const lost = this.#store.listOpen().filter((turn) => turn.turnId !== this.#open?.live.turnId);
    const deps = { ...this.#deps, turns: this.#store, chunks: this.#log };
    for (const turn of lost) await recoverTurn(turn, deps);
    if (lost.length > 0) await this.#deliver();
  }

  /**
   * Where a turn stands, for a caller that found its message still open in D1. An ended turn comes with
   * its parts, whether D1 has them yet or not.
   */
  async settle(turnId: string): Promise<SettledTurn> {
    await this.#recoverBefore(turnId);
    const turn = this.#store.get(turnId);
    if (!turn) return { kind: "none" };
    if (turn.state !== "ended") return { kind: "live" };
    const parts = JSON.stringify(await rebuildParts(readChunks(this.#log, turnId)));
    return { kind: "ended", ...outcomeOf(turn), finishedAt: turn.finishedAt, parts };
  }

  /** The alarm: recovers turns that no call has recovered, delivers what is due, forgets what is old. */
  async alarm(): Promise<void> {
    try {
      await this.recover();
    } catch (error) {
      // Tried again by the alarm that is set below, and by the next call.
      this.#deps.log.error("messages.recovery_failed", error);
    }
    await this.#outbox.deliver();
    await this.#outbox.forget();
    await this.#schedule();
  }

  /** The ends that D1 refuses for good, the oldest first. For an operator. */
  parked(): ParkedTurn[] {
    return this.#outbox.parked();
  }

  /** Tries a parked end once more, when an operator has removed what was in its way. */
  async retryParked(turnId: string): Promise<RetryResult> {
    const result = await this.#outbox.retryParked(turnId);
    await this.#schedule();
    return result;
  }

  async #deliver(): Promise<void> {
    await this.#outbox.deliver();
    await this.#schedule();
  }

  #renewLease(): void {
    if (this.#deps.timers.now() - this.#leaseRenewedAt > leaseMs / 3) void this.#schedule();
  }

  /** Sets the one alarm to whatever comes first: the lease, a delivery, or forgetting. */
  async #schedule(): Promise<void> {
    const now = this.#deps.timers.now();
    this.#leaseRenewedAt = now;
    const leaseAt = this.#store.listOpen().length > 0 ? now + leaseMs : null;
    const dueAt = this.#outbox.nextDueAt();
    const time = Math.min(leaseAt ?? Number.POSITIVE_INFINITY, dueAt ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(time)) await this.#deps.storage.setAlarm(time);
  }

  #newOutbox(): TurnOutbox {
    const now = () => this.#deps.timers.now();
    return new TurnOutbox(this.#store, this.#log, { ...this.#deps, now });
  }
}
