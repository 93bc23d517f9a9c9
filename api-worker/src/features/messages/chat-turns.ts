/**
 * The turns of one chat, owned by its Durable Object: starts them, lets them be read and stopped,
 * recovers what a crash left, and brings each end to D1. The object's class only forwards to it.
 */
import type { ContentDb } from "db";
import { type AiEnv, type ResolvedModel, resolveModel } from "../../ai/models.ts";
import { generateTitle } from "../../ai/title.ts";
import { BlockLog } from "../../platform/block-log.ts";
import { newId } from "../../platform/ids.ts";
import type { Logger } from "../../platform/log.ts";
import { type Chunk, type Outcome, terminalChunk } from "./chunks.ts";
import { deliverTurn, deliveryDelayMs, outcomeOf } from "./deliver-turn.ts";
import type { Timers } from "./flush-buffer.ts";
import { type AnswerLimits, generateAnswer } from "./generate-answer.ts";
import { LiveTurn, type TurnStorage } from "./live-turn.ts";
import { type Preparation, prepareTurn } from "./prepare-turn.ts";
import { finishMessage, setModelTitle } from "./queries.ts";
import { closeToolCalls, rebuildParts } from "./rebuild-message.ts";
import type {
  ReadResult,
  SettledTurn,
  StartedTurn,
  StartRequest,
  StartResult,
  StopResult,
} from "./turn-protocol.ts";
import { TurnReaders } from "./turn-readers.ts";
import { type NewTurn, type TurnRow, TurnStore } from "./turn-store.ts";

/** A turn whose object gives no sign for this long is recovered by the alarm. */
export const leaseMs = 30_000;
/** How long a finished turn can be read from its log. */
export const retentionMs = 24 * 60 * 60_000;
/** An answer waits this long for its chat's title, so that both arrive together. */
const titleGraceMs = 1_000;

export interface ChatTurnsDeps {
  readonly sql: SqlStorage;
  readonly storage: TurnStorage & {
    setAlarm(time: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
  readonly ai: AiEnv;
  readonly contentFor: (owner: { readonly contentShard: number }) => ContentDb;
  readonly timers: Timers;
  readonly log: Logger;
  readonly limits: AnswerLimits;
}

interface OpenTurn {
  readonly userMessageId: string;
  readonly live: LiveTurn;
  readonly started: Promise<StartResult>;
  /** The end, once it has begun: the first wins. */
  ending: Promise<void> | null;
}

export class ChatTurns {
  readonly #deps: ChatTurnsDeps;
  #log: BlockLog;
  #store: TurnStore;
  /** The one turn that this instance is making. */
  #open: OpenTurn | null = null;
  #recovery: Promise<void> | null = null;
  #leaseRenewedAt = 0;

  constructor(deps: ChatTurnsDeps) {
    this.#deps = deps;
    this.#log = new BlockLog(deps.sql);
    this.#store = new TurnStore(deps.sql);
  }

  /** Starts a turn, or returns the one that this message has started before. */
  async start(request: StartRequest): Promise<StartResult> {
    await this.recover();
    if (this.#open) {
      if (this.#open.userMessageId !== request.message.id) return { kind: "busy" };
      return this.#open.started;
    }
    const model = resolveModel(this.#deps.ai, request.modelId);
    if (!model) return { kind: "invalid", message: "There is no such model." };
    // Fails here, if at all: nothing is open yet that would have to be taken back.
    const content = this.#deps.contentFor(request);

    // From here to the insert nothing waits, so no second turn can come in between.
    const turn: NewTurn = {
      streamId: newId(),
      userId: request.userId,
      chatId: request.chatId,
      contentShard: request.contentShard,
      userMessageId: request.message.id,
      assistantMessageId: newId(),
      startedAt: this.#deps.timers.now(),
    };
    this.#store.insert(turn);
    const live = new LiveTurn(turn.streamId, this.#log, this.#deps.storage, this.#deps.timers);
    const open: OpenTurn = {
      userMessageId: request.message.id,
      live,
      started: this.#begin(request, content, turn, live, model),
      ending: null,
    };
    this.#open = open;
    return open.started;
  }

  async #begin(
    request: StartRequest,
    content: ContentDb,
    turn: NewTurn,
    live: LiveTurn,
    model: ResolvedModel,
  ): Promise<StartResult> {
    let preparation: Preparation;
    try {
      // The first call sets the alarm in the same write as the turn's row.
      await this.#schedule();
      preparation = await prepareTurn(content, request, turn, model);
    } catch (error) {
      // Whether D1 has the rows is not known: recovery asks it, now or at the next call.
      this.#open = null;
      this.#recovery = null;
      await this.recover().catch(() => undefined);
      throw error;
    }
    if (preparation.kind === "refused") {
      this.#open = null;
      this.#store.delete(turn.streamId);
      return preparation.result;
    }
    this.#store.setLive(turn.streamId);
    live.push({
      type: "start",
      messageId: turn.assistantMessageId,
      messageMetadata: {
        status: "streaming",
        streamId: turn.streamId,
        parentId: preparation.parentId,
        modelId: model.id,
        createdAt: turn.startedAt,
      },
    });
    void this.#run(turn, live, model, preparation);
    const { streamId, assistantMessageId } = turn;
    return { kind: "started", turn: { streamId, assistantMessageId } satisfies StartedTurn };
  }

  /** Makes the answer, to its end. Belongs to the object, not to a request. */
  async #run(
    turn: NewTurn,
    live: LiveTurn,
    model: ResolvedModel,
    prepared: Extract<Preparation, { kind: "prepared" }>,
  ): Promise<void> {
    const title = prepared.isNewChat
      ? this.#nameChat(turn, live, model, prepared.question)
      : Promise.resolve();
    const outcome = await generateAnswer({
      languageModel: model.languageModel,
      history: prepared.history,
      abortSignal: live.abort.signal,
      limits: this.#deps.limits,
      log: this.#deps.log,
      onChunk: (chunk) => {
        live.push(chunk);
        this.#renewLease();
        return live;
      },
    });
    if (outcome.status === "complete") await this.#atMost(title, titleGraceMs);
    await this.#end(turn.streamId, outcome);
  }

  async #nameChat(
    turn: NewTurn,
    live: LiveTurn,
    { languageModel }: ResolvedModel,
    question: string,
  ): Promise<void> {
    try {
      const abortSignal = live.abort.signal;
      const title = await generateTitle({ languageModel, question, abortSignal });
      if (title === null) return;
      const isSet = await setModelTitle(this.#deps.contentFor(turn), turn, title);
      if (isSet) live.push({ type: "data-title", data: { title }, transient: true });
    } catch (error) {
      this.#deps.log.warn("title not set", { error: String(error) });
    }
  }

  async #atMost(promise: Promise<void>, timeoutMs: number): Promise<void> {
    const { timers } = this.#deps;
    let timer: unknown;
    const timeout = new Promise<void>((resolve) => {
      timer = timers.set(resolve, timeoutMs);
    });
    await Promise.race([promise, timeout]);
    timers.clear(timer);
  }

  /** Ends the open turn. Whoever comes second waits for the first. */
  #end(streamId: string, outcome: Outcome): Promise<void> {
    const open = this.#open;
    if (!open || open.live.streamId !== streamId) return Promise.resolve();
    open.ending ??= this.#finish(open, outcome);
    return open.ending;
  }

  async #finish(open: OpenTurn, outcome: Outcome): Promise<void> {
    const { live } = open;
    live.close();
    const leftover = closeToolCalls(await rebuildParts(this.#readChunks(live.streamId)));
    // One transaction: the terminal chunk, the turn's end, and the outbox entry.
    await live.end([...leftover, terminalChunk(outcome)], () =>
      this.#store.setEnded(live.streamId, outcome, this.#deps.timers.now()),
    );
    // The end is on disk: the chat is free for the next turn.
    if (this.#open === open) this.#open = null;
    await this.deliver();
  }

  /**
   * A byte stream of a turn's chunks (see `turn-protocol.ts`).
   *
   * @param streamId the turn; the live one when undefined
   * @param after the reader's last id; ignored when it is of another turn
   */
  async read(
    streamId: string | undefined,
    after: { readonly streamId: string; readonly seq: number } | undefined,
  ): Promise<ReadResult> {
    await this.recover();
    const wanted = streamId ?? after?.streamId;
    const turn = (wanted ? this.#store.get(wanted) : undefined) ?? this.#liveTurn(streamId);
    if (!turn) return { kind: "none" };
    const afterSeq = after?.streamId === turn.streamId ? after.seq : -1;
    if (this.#open?.live.streamId === turn.streamId) {
      const { live } = this.#open;
      if (afterSeq > live.durableSeq) return { kind: "past-end" };
      return { kind: "stream", streamId: turn.streamId, stream: live.readers.open(afterSeq) };
    }
    const lastSeq = this.#log.lastSeq(turn.streamId);
    if (afterSeq > lastSeq) return { kind: "past-end" };
    // Whoever has the terminal chunk has everything.
    if (afterSeq === lastSeq) return { kind: "none" };
    const readers = new TurnReaders({
      durableSeq: () => lastSeq,
      terminalSeq: () => lastSeq,
      read: (from, until, maxLength) => this.#log.read(turn.streamId, from, until, maxLength),
    });
    return { kind: "stream", streamId: turn.streamId, stream: readers.open(afterSeq) };
  }

  #liveTurn(streamId: string | undefined): TurnRow | undefined {
    if (streamId !== undefined || !this.#open) return undefined;
    return this.#store.get(this.#open.live.streamId);
  }

  /** Aborts the provider's request and ends the answer with what came. Idempotent. */
  async stop(streamId: string): Promise<StopResult> {
    await this.recover();
    const open = this.#open;
    if (open?.live.streamId === streamId) {
      await open.started;
      open.live.abort.abort();
      await this.#end(streamId, { status: "stopped" });
    }
    const turn = this.#store.get(streamId);
    if (turn?.state !== "ended") return { kind: "none" };
    return { kind: "ended", status: outcomeOf(turn).status };
  }

  /** Forgets everything: the chat is being deleted. Readers of a live answer see it stopped. */
  async purge(): Promise<void> {
    const open = this.#open;
    if (open) {
      await open.started.catch(() => undefined);
      open.live.abort.abort();
      await this.#end(open.live.streamId, { status: "stopped" });
    }
    await this.#deps.storage.deleteAll();
    // deleteAll takes the tables with it; this instance may be asked again.
    this.#log = new BlockLog(this.#deps.sql);
    this.#store = new TurnStore(this.#deps.sql);
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

  async #recoverAll(): Promise<void> {
    const lost = this.#store
      .listOpen()
      .filter((turn) => turn.streamId !== this.#open?.live.streamId);
    for (const turn of lost) await this.#recoverTurn(turn);
    if (lost.length > 0) await this.deliver();
  }

  async #recoverTurn(turn: TurnRow): Promise<void> {
    const finishedAt = this.#deps.timers.now();
    const outcome: Outcome = { status: "interrupted" };
    if (turn.state === "starting") {
      const end = { ...outcome, parts: "[]", finishedAt };
      const content = this.#deps.contentFor(turn);
      const isStored = await finishMessage(content, turn.userId, turn.assistantMessageId, end);
      // Nobody was told of a turn that D1 does not know: it has never begun.
      if (!isStored) return this.#store.delete(turn.streamId);
    }
    const chunks = this.#readChunks(turn.streamId);
    const metadata = { status: "streaming", streamId: turn.streamId } as const;
    const last: Chunk[] = [
      ...(chunks.length === 0
        ? [
            {
              type: "start",
              messageId: turn.assistantMessageId,
              messageMetadata: metadata,
            } as const,
          ]
        : []),
      ...closeToolCalls(await rebuildParts(chunks)),
      terminalChunk(outcome),
    ];
    this.#deps.storage.transactionSync(() => {
      const items = last.map((chunk) => JSON.stringify(chunk));
      this.#log.append(turn.streamId, chunks.length, items);
      this.#store.setEnded(turn.streamId, outcome, finishedAt);
    });
    await this.#deps.storage.sync();
    this.#deps.log.warn("turn interrupted", { streamId: turn.streamId, chunks: chunks.length });
  }

  /**
   * Where a turn stands, for whoever found its message still open in D1. An ended turn comes with
   * its parts, whether D1 has them yet or not.
   */
  async settle(streamId: string): Promise<SettledTurn> {
    await this.recover();
    const turn = this.#store.get(streamId);
    if (!turn) return { kind: "none" };
    if (turn.state !== "ended") return { kind: "live" };
    const parts = JSON.stringify(await rebuildParts(this.#readChunks(streamId)));
    return { kind: "ended", ...outcomeOf(turn), finishedAt: turn.finishedAt, parts };
  }

  /** Brings ended turns to D1. What fails is tried again by the alarm, later and later. */
  async deliver(): Promise<void> {
    const now = this.#deps.timers.now();
    for (const turn of this.#store.listUndelivered()) {
      if ((turn.deliverAt ?? 0) > now) break;
      try {
        const content = this.#deps.contentFor(turn);
        await deliverTurn(content, turn, this.#readChunks(turn.streamId));
        this.#store.setDelivered(turn.streamId);
      } catch (error) {
        this.#deps.log.error("delivery failed", error, { streamId: turn.streamId });
        this.#store.deferDelivery(turn.streamId, now + deliveryDelayMs(turn.deliveryAttempts));
      }
    }
    await this.#schedule();
  }

  /** The alarm: recovers what nobody asked for, delivers what is due, forgets what is old. */
  async alarm(): Promise<void> {
    try {
      await this.recover();
    } catch (error) {
      // Tried again by the alarm that is set below, and by the next call.
      this.#deps.log.error("recovery failed", error);
    }
    await this.deliver();
    for (const turn of this.#store.listDoneBefore(this.#deps.timers.now() - retentionMs)) {
      this.#deps.storage.transactionSync(() => {
        this.#log.delete(turn.streamId);
        this.#store.delete(turn.streamId);
      });
    }
    await this.#schedule();
  }

  #renewLease(): void {
    if (this.#deps.timers.now() - this.#leaseRenewedAt > leaseMs / 3) void this.#schedule();
  }

  /** Sets the one alarm to whatever comes first: the lease, a delivery, or forgetting. */
  async #schedule(): Promise<void> {
    const now = this.#deps.timers.now();
    this.#leaseRenewedAt = now;
    const times: number[] = [];
    if (this.#store.listOpen().length > 0) times.push(now + leaseMs);
    const due = this.#store.listUndelivered()[0]?.deliverAt;
    if (due != null) times.push(due);
    const oldestDoneAt = this.#store.oldestDoneAt();
    if (oldestDoneAt !== null) times.push(oldestDoneAt + retentionMs);
    if (times.length > 0) await this.#deps.storage.setAlarm(Math.min(...times));
  }

  #readChunks(streamId: string): Chunk[] {
    return this.#log
      .read(streamId, -1, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY)
      .flatMap((block) => JSON.parse(block.items) as Chunk[]);
  }
}
