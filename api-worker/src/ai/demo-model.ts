import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { composeDemoAnswer, type DemoAnswer, promptText } from "./demo-answers.ts";

/** Shorter waits are added up, because a timer costs more than a token and may fire late. */
const shortestWaitMs = 10;

/**
 * Milliseconds to wait before a token, so that token `tokenIndex` (from 0) is sent after
 * `tokenIndex / tokensPerSecond` seconds. 0 when it is due, or nearly.
 */
export function waitBeforeToken(
  tokenIndex: number,
  tokensPerSecond: number,
  elapsedMs: number,
): number {
  const waitMs = (tokenIndex / tokensPerSecond) * 1000 - elapsedMs;
  return waitMs < shortestWaitMs ? 0 : waitMs;
}

/**
 * A language model without a provider, for trying out and testing. Its answers are in
 * `demo-answers.ts`. One word is one token and one chunk. An abort ends a call at once with the
 * signal's reason. It throws a provider's error only when the user asks it to fail.
 */
export function createDemoModel(options: { readonly tokensPerSecond: number }): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "alleato",
    modelId: "demo",
    supportedUrls: {},

    async doGenerate(call) {
      const texts = { reasoning: "", text: "" };
      let usage = countUsage(call, texts);
      for await (const part of streamAnswer(call, options.tokensPerSecond)) {
        if (part.type === "error") throw part.error;
        if (part.type === "text-delta") texts.text += part.delta;
        if (part.type === "reasoning-delta") texts.reasoning += part.delta;
        if (part.type === "finish") usage = part.usage;
      }
      const content = (["reasoning", "text"] as const)
        .filter((type) => texts[type] !== "")
        .map((type): LanguageModelV4Content => ({ type, text: texts[type] }));
      return { content, usage, finishReason: { unified: "stop", raw: "stop" }, warnings: [] };
    },

    async doStream(call) {
      call.abortSignal?.throwIfAborted();
      return { stream: toStream(streamAnswer(call, options.tokensPerSecond)) };
    },
  };
}

async function* streamAnswer(
  call: LanguageModelV4CallOptions,
  tokensPerSecond: number,
): AsyncGenerator<LanguageModelV4StreamPart, void> {
  const answer = composeDemoAnswer(call.prompt);
  const startedAt = Date.now();
  const sent = { reasoning: "", text: "" };
  let tokenIndex = 0;

  yield { type: "stream-start", warnings: [] };
  for (const [type, pieces] of blocksOf(answer)) {
    yield { type: `${type}-start`, id: type };
    for (const delta of pieces) {
      const waitMs = waitBeforeToken(tokenIndex, tokensPerSecond, Date.now() - startedAt);
      if (waitMs > 0) await sleep(waitMs, call.abortSignal);
      call.abortSignal?.throwIfAborted();
      yield { type: `${type}-delta`, id: type, delta };
      sent[type] += delta;
      tokenIndex += 1;
    }
    yield { type: `${type}-end`, id: type };
  }

  const usage = countUsage(call, sent);
  const toolCall = call.tools?.some(({ name }) => name === answer.call?.toolName)
    ? answer.call
    : undefined;
  if (toolCall) {
    const { toolName, input } = toolCall;
    const toolCallId = crypto.randomUUID();
    yield { type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) };
    yield { type: "finish", usage, finishReason: { unified: "tool-calls", raw: "tool-calls" } };
    return;
  }
  if (answer.fails) {
    yield { type: "error", error: overloadedError() };
    yield { type: "finish", usage, finishReason: { unified: "error", raw: "error" } };
    return;
  }
  yield { type: "finish", usage, finishReason: { unified: "stop", raw: "stop" } };
}

function blocksOf(answer: DemoAnswer) {
  const blocks: [type: "reasoning" | "text", pieces: readonly string[]][] = [
    ["reasoning", answer.reasoning],
    ["text", answer.text],
  ];
  return blocks.filter(([, pieces]) => pieces.length > 0);
}

/** Pulls one part at a time, so that nothing is generated before it is read. */
function toStream<Part>(parts: AsyncGenerator<Part, void>): ReadableStream<Part> {
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Rejects with the signal's reason as soon as it is aborted. */
function sleep(durationMs: number, abortSignal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (abortSignal?.aborted) return reject(abortSignal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortSignal?.reason);
    };
    const timer = setTimeout(() => {
      abortSignal?.removeEventListener("abort", onAbort);
      resolve();
    }, durationMs);
    abortSignal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Counts words as tokens. The count only has to grow with the text, as a tokenizer's does. */
function countUsage(
  call: LanguageModelV4CallOptions,
  sent: { readonly reasoning: string; readonly text: string },
): LanguageModelV4Usage {
  const input = countWords(promptText(call.prompt));
  const text = countWords(sent.text);
  const reasoning = countWords(sent.reasoning);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: text + reasoning, text, reasoning },
  };
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** The error of an overloaded provider. Not retryable, because a retry would fail in the same way. */
function overloadedError(): APICallError {
  return new APICallError({
    message: "The demo model was asked to fail.",
    url: "demo:",
    requestBodyValues: {},
    statusCode: 503,
    isRetryable: false,
  });
}
