/** Generates a turn's answer, from the model's first word to its last. The caller ends the turn. */
import type { ResolvedModel } from "../../../../ai/models.ts";
import { generateTitle } from "../../../../ai/title.ts";
import { type AnswerPorts, maxSteps, type Tools } from "../../../../ai/tools/registry.ts";
import type { Logger } from "../../../../platform/log.ts";
import { attachFiles } from "../../../uploads/model/attach-files.ts";
import type { FileSource } from "../../../uploads/model/file-source.ts";
import { type Outcome, urgencyOf } from "../../turn/chunks.ts";
import { joinContinuation, keepParts } from "../../turn/message-chunks.ts";
import type { Timers } from "../live/flush-buffer.ts";
import type { LiveTurn } from "../live/live-turn.ts";
import type { PreparedTurn } from "../prepare/preparation.ts";
import { type CutLog, restartChunk } from "../recover/cut-log.ts";
import type { NewTurn } from "../turn-store.ts";
import { type AnswerLimits, generateAnswer } from "./generate-answer.ts";
import { timeReasoning } from "./reasoning-time.ts";

/** A complete answer waits this long for its chat's title, so that both arrive together. */
const titleGraceMs = 1_000;

export interface RunDeps {
  readonly limits: AnswerLimits;
  /** Makes the turn's tools, for models that can use them. */
  readonly toolsFor: (ports: AnswerPorts) => Tools;
  /** Reads files of the chat's owner. */
  readonly files: FileSource;
  readonly timers: Timers;
  readonly log: Logger;
  /** Between two writes of the answer's log, on average. */
  readonly flushIntervalMs: number;
  /** Sets the chat's title; false when its owner has named it meanwhile. */
  readonly setTitle: (title: string) => Promise<boolean>;
}

/**
 * Writes the beginning of a turn without waiting for anything: the message's start with all kept
 * parts.
 *
 * @returns a function that generates the rest and resolves with the outcome; it never throws
 */
export function beginTurn(
  turn: NewTurn,
  live: LiveTurn,
  prepared: PreparedTurn,
  deps: RunDeps,
): () => Promise<Outcome> {
  const { parentId, model } = prepared;
  const kept = keepParts(prepared.keptParts);
  live.begin([
    {
      type: "start",
      messageId: turn.assistantMessageId,
      messageMetadata: {
        status: "streaming",
        streamId: turn.turnId,
        parentId,
        modelId: model.id,
        createdAt: prepared.createdAt,
      },
    },
    ...kept.chunks,
  ]);
  return () => writeAnswer(live, prepared, kept.openTextId, deps);
}

/**
 * Goes on with a turn whose log was cut off: closes what the log left open and says that the answer
 * went on by itself. Waits for nothing.
 *
 * @param live has the log
 * @returns a function like that of {@link beginTurn}
 */
export function restartTurn(
  live: LiveTurn,
  prepared: PreparedTurn,
  { closing, openTextId, restarts }: CutLog,
  deps: RunDeps,
): () => Promise<Outcome> {
  live.begin([...closing, restartChunk(restarts + 1)]);
  return () => writeAnswer(live, prepared, openTextId, deps);
}

/**
 * Generates what follows the kept parts.
 *
 * @param openTextId the kept text that the model's first text continues; null for none
 */
async function writeAnswer(
  live: LiveTurn,
  prepared: PreparedTurn,
  openTextId: string | null,
  deps: RunDeps,
): Promise<Outcome> {
  const { model } = prepared;
  const join = joinContinuation(openTextId);
  const time = timeReasoning(() => deps.timers.now());
  const keptSteps = prepared.keptParts.filter(({ type }) => type === "step-start").length;
  let title: Promise<void> | undefined;
  const name = () => {
    title ??= nameChat(live, model, prepared.question, deps);
    return title;
  };
  const outcome = await generateAnswer({
    languageModel: model.languageModel,
    imageModel: model.imageModel,
    prepare: async () => {
      const { history, notes } = await attachFiles(prepared.history, model.files, deps.files);
      const isTold = prepared.keptParts.some(({ type }) => type === "data-file-notes");
      if (notes.length > 0 && !isTold) live.push({ type: "data-file-notes", data: { notes } });
      return history;
    },
    toolsFor: model.canUseTools ? deps.toolsFor : undefined,
    maxSteps: Math.max(1, maxSteps - keptSteps),
    abortSignal: live.abort.signal,
    limits: deps.limits,
    usage: live.usage,
    pace: { timers: deps.timers, intervalMs: deps.flushIntervalMs },
    log: deps.log,
    onChunk: (chunk) => {
      for (const joined of join(time(chunk))) live.push(joined);
      // Named after its first word, which must not wait for a second call of the model.
      if (urgencyOf(chunk) !== "later") void name();
      return live;
    },
  });
  const named = name();
  if (outcome.status === "complete") await atMost(named, titleGraceMs, deps.timers);
  return outcome;
}

async function nameChat(
  live: LiveTurn,
  { languageModel }: ResolvedModel,
  question: string | null,
  deps: RunDeps,
): Promise<void> {
  if (question === null) return;
  try {
    const abortSignal = live.abort.signal;
    const title = await generateTitle({ languageModel, question, abortSignal });
    if (title === null) return;
    const isSet = await deps.setTitle(title);
    if (isSet) live.push({ type: "data-title", data: { title }, transient: true });
  } catch (error) {
    deps.log.warn("messages.title_not_set", { error: String(error) });
  }
}

async function atMost(promise: Promise<void>, timeoutMs: number, timers: Timers): Promise<void> {
  let timer: unknown;
  const timeout = new Promise<void>((resolve) => {
    timer = timers.set(resolve, timeoutMs);
  });
  await Promise.race([promise, timeout]);
  timers.clear(timer);
}
