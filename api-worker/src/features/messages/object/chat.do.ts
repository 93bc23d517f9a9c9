import { DurableObject } from "cloudflare:workers";
import { resolveModel } from "../../../ai/models.ts";
import { createTools } from "../../../ai/tools/registry.ts";
import type { EventId } from "../../../contracts/event-id.ts";
import { contentFor } from "../../../platform/content.ts";
import { createLogger } from "../../../platform/log.ts";
import { servicesOf } from "../../../platform/outbound.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { userObject } from "../../../platform/user-object.ts";
import { turnCountOf } from "../../limits/day-limits.ts";
import { publishNews } from "../../news/news.ts";
import { pushAnswer } from "../../notifications/push-answer.ts";
import { createFileSource } from "../../uploads/model/file-source.ts";
import { TurnArchive } from "../turn/turn-archive.ts";
import type {
  ParkedTurn,
  ReadResult,
  ReadShape,
  RetryResult,
  SettledTurn,
  StartResult,
  StopResult,
  TurnRequest,
  TurnState,
} from "../turn/turn-protocol.ts";
import { createDocumentPorts } from "./answer/turn-documents.ts";
import { ChatTurns, type ChatTurnsDeps } from "./chat-turns.ts";
import { systemTimers } from "./live/flush-buffer.ts";
import { flushIntervalMs } from "./live/pace.ts";
import { NewsQueue } from "./news-queue.ts";
import { findOwnerLimits } from "./recover/owner-limits.ts";

/**
 * The Durable Object of one chat, which owns the chat's live answer. It connects `chat-turns.ts`,
 * which has the logic, to the platform.
 */
export class ChatObject extends DurableObject<Env> {
  readonly #turns: ChatTurns;

  /** @param instead dependencies that a subclass replaces */
  constructor(ctx: DurableObjectState, env: Env, instead: Partial<ChatTurnsDeps> = {}) {
    super(ctx, env);
    const log = createLogger({ object: ctx.id.toString() });
    const news = new NewsQueue((userId, one) => publishNews(env, log, userId, one), systemTimers);
    this.#turns = new ChatTurns({
      sql: ctx.storage.sql,
      storage: ctx.storage,
      resolveModel: (modelId) => resolveModel(servicesOf(env).ai, modelId),
      contentFor: (owner) => contentFor(env, owner),
      filesOf: (owner) => createFileSource(env, contentFor(env, owner), owner.userId),
      timers: systemTimers,
      archive: new TurnArchive(env),
      publish: (userId, one) => news.publish(userId, one),
      notify: async (answer) => ctx.waitUntil(pushAnswer(env, log, answer)),
      turnCount: turnCountOf(env),
      limitsOf: (turn) => findOwnerLimits(env, turn),
      countTokens: async (userId, turn) => userObject(env, userId).addTokens(turn),
      log,
      limits: settingsOf(env).answer,
      flushIntervalMs: flushIntervalMs(settingsOf(env).flushesPerSecond),
      toolsFor: (turn, ports) =>
        createTools(servicesOf(env), {
          ...ports,
          documents: createDocumentPorts(env, contentFor(env, turn), turn, log),
        }),
      ...instead,
    });
  }

  start(request: TurnRequest): Promise<StartResult> {
    return this.#turns.start(request);
  }

  read(
    turnId: string | undefined,
    after: EventId | undefined,
    shape: ReadShape,
  ): Promise<ReadResult> {
    return this.#turns.read(turnId, after, shape);
  }

  dropReaders(): void {
    this.#turns.dropReaders();
  }

  stop(turnId: string): Promise<StopResult> {
    return this.#turns.stop(turnId);
  }

  liveSeq(turnId: string): Promise<number | null> {
    return this.#turns.liveSeq(turnId);
  }

  settle(turnId: string): Promise<SettledTurn> {
    return this.#turns.settle(turnId);
  }

  purge(): Promise<void> {
    return this.#turns.purge();
  }

  describe(turnId: string): Promise<TurnState> {
    return this.#turns.describe(turnId);
  }

  parked(): ParkedTurn[] {
    return this.#turns.parked();
  }

  retryParked(turnId: string): Promise<RetryResult> {
    return this.#turns.retryParked(turnId);
  }

  override alarm(): Promise<void> {
    return this.#turns.alarm();
  }
}
