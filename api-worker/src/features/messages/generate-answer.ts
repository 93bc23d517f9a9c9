import {
  convertToModelMessages,
  type LanguageModel,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";
import { classifyFailure, failureOfFinish } from "../../ai/failure.ts";
import { modelMaxRetries } from "../../ai/models.ts";
import { chatInstructions } from "../../ai/prompts.ts";
import type { FailureCode } from "../../contracts/messages.ts";
import type { Logger } from "../../platform/log.ts";
import type { Chunk, Outcome } from "./chunks.ts";

/** Bounds of one answer. */
export interface AnswerLimits {
  /** A provider that sends nothing for this long is given up. */
  readonly stallMs: number;
  /** The whole answer, tools included. */
  readonly totalMs: number;
  /** UTF-8 bytes of content. A D1 row ends at 2 MB, and JSON may double quotes and line ends. */
  readonly contentMaxBytes: number;
}

export const answerLimits: AnswerLimits = {
  stallMs: 60_000,
  totalMs: 30 * 60_000,
  contentMaxBytes: 950_000,
};

export interface AnswerRequest {
  readonly languageModel: LanguageModel;
  /** The branch that the answer follows, oldest first, the question last. */
  readonly history: readonly UIMessage[];
  /** Aborts the provider's request. Never a reader's signal: an answer outlives its readers. */
  readonly abortSignal: AbortSignal;
  readonly limits: AnswerLimits;
  readonly log: Logger;
  /** Takes each chunk as it comes, and says how many bytes of content there are. */
  readonly onChunk: (chunk: Chunk) => { readonly contentBytes: number };
}

/**
 * Asks the model and hands its answer on chunk by chunk.
 *
 * @returns how the answer ended: `complete` or `failed`, or `stopped` when `abortSignal` fired.
 *   Never throws: what a provider does wrong is an outcome.
 */
export async function generateAnswer(request: AnswerRequest): Promise<Outcome> {
  const overlong = new AbortController();
  let failure: unknown;
  let wasAborted = false;
  try {
    const result = streamText({
      model: request.languageModel,
      instructions: chatInstructions,
      messages: await convertToModelMessages([...request.history]),
      abortSignal: AbortSignal.any([request.abortSignal, overlong.signal]),
      maxRetries: modelMaxRetries,
      timeout: {
        firstChunkMs: request.limits.stallMs,
        chunkMs: request.limits.stallMs,
        totalMs: request.limits.totalMs,
      },
      // Failures are met below; the default would print them raw.
      onError: () => undefined,
    });
    const chunks = toUIMessageStream({
      stream: result.stream,
      sendStart: false,
      sendFinish: false,
      onError: (error) => {
        failure ??= error;
        return "";
      },
    });
    for await (const chunk of chunks as unknown as AsyncIterable<Chunk>) {
      if (chunk.type === "error") continue;
      if (chunk.type === "abort") {
        wasAborted = true;
        continue;
      }
      const { contentBytes } = request.onChunk(chunk);
      if (contentBytes > request.limits.contentMaxBytes) {
        overlong.abort();
        return { status: "failed", errorCode: "too_long" satisfies FailureCode };
      }
    }
    if (request.abortSignal.aborted) return { status: "stopped" };
    // The signal is ours or the library's: whoever did not stop it, time did.
    if (wasAborted) return { status: "failed", errorCode: "stalled" satisfies FailureCode };
    if (failure === undefined) {
      const usage = await result.totalUsage;
      const tokens = {
        ...(usage.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
        ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
      };
      const errorCode = failureOfFinish(await result.finishReason);
      return errorCode
        ? { status: "failed", errorCode, ...tokens }
        : { status: "complete", ...tokens };
    }
  } catch (error) {
    failure ??= error;
  }
  if (request.abortSignal.aborted) return { status: "stopped" };
  request.log.warn("provider failed", { error: String(failure) });
  return { status: "failed", errorCode: classifyFailure(failure) };
}
