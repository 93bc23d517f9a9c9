import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { UIMessage } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { createLogger } from "../../../../platform/log.ts";
import type { Chunk } from "../../turn/chunks.ts";
import { contentBytes } from "../../turn/chunks.ts";
import { type AnswerLimits, generateAnswer } from "./generate-answer.ts";

const limits: AnswerLimits = { stallMs: 60_000, totalMs: 60_000, contentMaxBytes: 1_000 };

/** A model that sends `parts`, and then does what `last` does. */
function modelSending(
  parts: LanguageModelV4StreamPart[],
  last: (controller: ReadableStreamDefaultController<LanguageModelV4StreamPart>) => unknown,
) {
  return new MockLanguageModelV4({
    doStream: async () => ({
      stream: new ReadableStream<LanguageModelV4StreamPart>({
        async start(controller) {
          for (const part of parts) controller.enqueue(part);
          await last(controller);
        },
      }),
    }),
  });
}

const text = (delta: string): LanguageModelV4StreamPart[] => [
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta },
];
const finish = (unified: "stop" | "content-filter"): LanguageModelV4StreamPart => ({
  type: "finish",
  finishReason: { unified, raw: unified },
  usage: {
    inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  },
});
const end = (controller: ReadableStreamDefaultController) => controller.close();
const silence = () => new Promise(() => undefined);

const question: UIMessage = {
  id: "q",
  role: "user",
  parts: [{ type: "text", text: "Hello" }],
};

/** Runs an answer to its end. Returns the outcome and the chunks. */
async function run(
  languageModel: MockLanguageModelV4,
  options: {
    limits?: Partial<AnswerLimits>;
    abort?: AbortController;
    prepare?: () => Promise<UIMessage[]>;
  } = {},
) {
  const chunks: Chunk[] = [];
  let bytes = 0;
  const outcome = await generateAnswer({
    languageModel,
    prepare: options.prepare ?? (async () => [question]),
    abortSignal: (options.abort ?? new AbortController()).signal,
    limits: { ...limits, ...options.limits },
    log: createLogger(),
    onChunk: (chunk) => {
      chunks.push(chunk);
      bytes += contentBytes(chunk);
      if (chunk.type === "text-delta") options.abort?.abort();
      return { contentBytes: bytes };
    },
  });
  return { outcome, chunks };
}

test("an answer that finishes is complete, with its tokens", async () => {
  const { outcome } = await run(modelSending([...text("Hi"), finish("stop")], end));
  expect(outcome).toEqual({ status: "complete", inputTokens: 3, outputTokens: 5 });
});

test("a provider that falls silent is given up as stalled, and what came stays", async () => {
  const { outcome, chunks } = await run(modelSending(text("Hi"), silence), {
    limits: { stallMs: 20 },
  });
  expect(outcome).toEqual({ status: "failed", errorCode: "stalled" });
  expect(chunks).toContainEqual(expect.objectContaining({ type: "text-delta", delta: "Hi" }));
});

test("a provider that never begins is given up as stalled", async () => {
  const { outcome } = await run(modelSending([], silence), { limits: { stallMs: 20 } });
  expect(outcome).toEqual({ status: "failed", errorCode: "stalled" });
});

test("an answer that grows past the bound is ended there", async () => {
  const { outcome } = await run(modelSending(text("x".repeat(2_000)), silence));
  expect(outcome).toEqual({ status: "failed", errorCode: "length_limit" });
});

test("one chunk that no row could hold is not taken", async () => {
  const sent = [...text("Hi"), ...text("x".repeat(2_000))];
  const { outcome, chunks } = await run(modelSending(sent, silence));
  expect(outcome).toEqual({ status: "failed", errorCode: "length_limit" });
  const said = chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");
  expect(said).toBe("Hi");
});

test("what is put together for the model is waited for no longer than the answer may take", async () => {
  const never = () => new Promise<UIMessage[]>(() => undefined);
  const late = await run(modelSending([], end), { prepare: never, limits: { totalMs: 20 } });
  expect(late.outcome).toEqual({ status: "failed", errorCode: "time_limit" });
  const abort = new AbortController();
  const stopped = run(modelSending([], end), { prepare: never, abort });
  abort.abort();
  expect((await stopped).outcome).toEqual({ status: "stopped" });
});

test("an abort ends the answer as stopped, whatever the provider does", async () => {
  const { outcome } = await run(modelSending(text("Hi"), silence), {
    abort: new AbortController(),
  });
  expect(outcome).toEqual({ status: "stopped" });
});

test("a stream that breaks, or finishes for a bad reason, is a failure and not an exception", async () => {
  const broken = modelSending(text("Hi"), (controller) =>
    controller.error(new Error("Network connection lost.")),
  );
  expect((await run(broken)).outcome).toEqual({ status: "failed", errorCode: "cut" });
  const blocked = modelSending([...text("Hi"), finish("content-filter")], end);
  expect((await run(blocked)).outcome).toMatchObject({ status: "failed", errorCode: "blocked" });
});

test("an answer that takes longer than it may is ended there, and keeps what came", async () => {
  const { outcome, chunks } = await run(modelSending(text("Hi"), silence), {
    limits: { totalMs: 50 },
  });
  expect(outcome).toEqual({ status: "failed", errorCode: "time_limit" });
  expect(chunks.map(({ type }) => type)).toContain("text-delta");
});
