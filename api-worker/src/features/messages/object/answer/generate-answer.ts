import {
  convertToModelMessages,
  type FinishReason,
  type ImageModel,
  isStepCount,
  type LanguageModel,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";
import { refuseDownloads } from "../../../../ai/downloads.ts";
import { classifyFailure, failureOfFinish } from "../../../../ai/failure.ts";
import { modelMaxRetries } from "../../../../ai/models.ts";
import { chatInstructions } from "../../../../ai/prompts.ts";
import { type AnswerPorts, type Tools, toolApproval } from "../../../../ai/tools/registry.ts";
import {
  describeToolError,
  inOwnWords,
  withOwnFailures,
} from "../../../../ai/tools/tool-failure.ts";
import type { FailureCode } from "../../../../contracts/messages.ts";
import type { Logger } from "../../../../platform/log.ts";
import { type Chunk, contentBytes, type Outcome } from "../../turn/chunks.ts";
import { type AnswerUsage, countCalls } from "./answer-usage.ts";
import { type JoinOptions, joinDeltas } from "./join-deltas.ts";
import { PictureDrawer } from "./picture-drawer.ts";
import { RecordedCalls } from "./recorded-calls.ts";
import { TextWriter } from "./text-writer.ts";
import { TimeLimit } from "./time-limit.ts";

/** Limits of one answer. */
export interface AnswerLimits {
  /** A provider that sends nothing for this long is aborted. */
  readonly stallMs: number;
  /** An answer is ended when neither the model nor a tool has sent a chunk for this long. */
  readonly idleMs: number;
  /** Of the whole answer, tools included, however much comes. */
  readonly totalMs: number;
  /**
   * UTF-8 bytes of content as JSON. A D1 row holds 2 MB, and the last chunk may be as long again.
   */
  readonly contentMaxBytes: number;
}

const stalled: FailureCode = "stalled";
const timeLimit: FailureCode = "time_limit";
const lengthLimit: FailureCode = "length_limit";

export interface AnswerRequest {
  readonly languageModel: LanguageModel;
  readonly imageModel: ImageModel;
  /** Builds the messages for the model, oldest first, the question last. */
  readonly prepare: () => Promise<readonly UIMessage[]>;
  /**
   * Makes the tools that the model may call. The ports are those of this answer. No tools when left
   * out.
   */
  readonly toolsFor?: ((ports: AnswerPorts) => Tools) | undefined;
  /** Calls of the model at most. In the last one it gets no tools, so it must answer in words. */
  readonly maxSteps?: number;
  /**
   * Aborts the provider's request. Never a reader's signal, because an answer outlives its readers.
   */
  readonly abortSignal: AbortSignal;
  readonly limits: AnswerLimits;
  /** The pace of text that the model writes. */
  readonly pace: JoinOptions;
  readonly log: Logger;
  /** Counts all calls of models, so that their tokens are known however the answer ends. */
  readonly usage: AnswerUsage;
  /**
   * Takes each chunk as it arrives, from the model or a tool. Returns the answer's bytes so far.
   */
  readonly onChunk: (chunk: Chunk) => { readonly contentBytes: number };
}

/**
 * Calls the model and passes its answer on chunk by chunk.
 *
 * @returns how the answer ended: `complete`, `failed`, or `stopped` when `abortSignal` fired, with the
 *   tokens that the provider has counted. Never throws: a provider's failure is an outcome.
 */
export async function generateAnswer(request: AnswerRequest): Promise<Outcome> {
  const outcome = await outcomeOfAnswer(request);
  return { ...outcome, ...request.usage.counted };
}

async function outcomeOfAnswer(request: AnswerRequest): Promise<Outcome> {
  const { limits, abortSignal } = request;
  const bound = new AbortController();
  const watch = new TimeLimit(limits, () => bound.abort(timeLimit));
  let end: StreamEnd;
  try {
    end = await readAnswer(request, bound, () => watch.seeProgress());
  } catch (error) {
    end = { error };
  } finally {
    watch.end();
  }
  if (abortSignal.aborted) return { status: "stopped" };
  if (bound.signal.aborted) return { status: "failed", errorCode: String(bound.signal.reason) };
  if (end.outcome) return end.outcome;
  request.log.warn("messages.provider_failed", { error: String(end.error) });
  return { status: "failed", errorCode: classifyFailure(end.error) };
}

/** The end that the stream itself reported: an outcome or an error. */
interface StreamEnd {
  readonly outcome?: Outcome;
  readonly error?: unknown;
}

/**
 * @param bound aborted with a {@link FailureCode} when the answer reaches a limit
 * @param onProgress called for each chunk that the answer took
 * @throws what the provider throws
 */
async function readAnswer(
  request: AnswerRequest,
  bound: AbortController,
  onProgress: () => void,
): Promise<StreamEnd> {
  const { limits, maxSteps = 1 } = request;
  const abortSignal = AbortSignal.any([request.abortSignal, bound.signal]);
  /** @returns false for a chunk that makes the answer too long, or that arrives after its end */
  const take = (chunk: Chunk): boolean => {
    if (abortSignal.aborted) return false;
    const max = limits.contentMaxBytes;
    // A single chunk may be a whole answer, so one that no row could hold is not even recorded.
    if (contentBytes(chunk) <= max && request.onChunk(chunk).contentBytes <= max) {
      onProgress();
      return true;
    }
    bound.abort(lengthLimit);
    return false;
  };
  const branch = await unlessAborted(request.prepare(), abortSignal);
  const languageModel = countCalls(joinDeltas(request.languageModel, request.pace), request.usage);
  const writer = new TextWriter({ languageModel, limits, abortSignal });
  const drawer = new PictureDrawer({ ...request, abortSignal });
  const made = request.toolsFor?.({
    emit: (chunk) => void take(chunk),
    write: (wanted) => writer.write(wanted),
    draw: (wanted) => drawer.draw(wanted),
  });
  const tools =
    made &&
    withOwnFailures(made, (toolName, error) =>
      request.log.error("messages.tool_failed", error, { toolName }),
    );
  const calls = new RecordedCalls(branch, abortSignal);
  const result = streamText({
    model: languageModel,
    instructions: chatInstructions,
    messages: await convertToModelMessages([...branch]),
    abortSignal,
    maxRetries: modelMaxRetries,
    experimental_download: refuseDownloads,
    ...(tools && { tools, toolApproval }),
    onToolExecutionStart: ({ toolCall }) => calls.has(toolCall.toolCallId),
    stopWhen: isStepCount(maxSteps),
    prepareStep: ({ stepNumber, messages }) => ({
      messages: inOwnWords(messages),
      ...(stepNumber + 1 >= maxSteps && { activeTools: [] }),
    }),
    timeout: { firstChunkMs: limits.stallMs, chunkMs: limits.stallMs },
    // Failures are handled below. The default handler would print them raw.
    onError: () => undefined,
  });
  let failure: StreamEnd | undefined;
  const chunks = toUIMessageStream({
    stream: result.stream,
    sendStart: false,
    sendFinish: false,
    onError: (error) => {
      const toolError = describeToolError(error);
      if (toolError === null) failure ??= { error };
      return toolError ?? "";
    },
  });
  for await (const chunk of chunks as unknown as AsyncIterable<Chunk>) {
    if (chunk.type === "error") continue;
    // Neither a stop nor a limit aborted this, so it was the stall timeout.
    if (chunk.type === "abort") {
      failure ??= { outcome: { status: "failed", errorCode: stalled } };
      continue;
    }
    if (!take(chunk)) return {};
    calls.see(chunk);
  }
  return failure ?? { outcome: await finishedOutcome(result) };
}

/**
 * Resolves with the result of `work`, unless the signal fires first.
 *
 * @throws what `work` throws, or the signal's reason
 */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** The outcome of a stream that ended without an error. */
async function finishedOutcome(result: {
  readonly finishReason: PromiseLike<FinishReason>;
}): Promise<Outcome> {
  const errorCode = failureOfFinish(await result.finishReason);
  return errorCode ? { status: "failed", errorCode } : { status: "complete" };
}
