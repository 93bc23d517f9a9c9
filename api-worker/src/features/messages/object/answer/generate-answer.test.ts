import type { ImageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { ToolSet, UIMessage } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { z } from "zod";
import { takeErrors } from "../../../../../test/logs.ts";
import { createDemoImageModel } from "../../../../ai/pictures/demo-image-model.ts";
import type { AnswerPorts } from "../../../../ai/tools/registry.ts";
import { ToolFailure } from "../../../../ai/tools/tool-failure.ts";
import { createLogger } from "../../../../platform/log.ts";
import type { Chunk } from "../../turn/chunks.ts";
import { contentBytes } from "../../turn/chunks.ts";
import { systemTimers } from "../live/flush-buffer.ts";
import { AnswerUsage } from "./answer-usage.ts";
import { type AnswerLimits, generateAnswer } from "./generate-answer.ts";

const limits: AnswerLimits = {
  stallMs: 60_000,
  idleMs: 60_000,
  totalMs: 60_000,
  contentMaxBytes: 1_000,
};

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
const finish = (unified: "stop" | "content-filter" | "tool-calls"): LanguageModelV4StreamPart => ({
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
    toolsFor?: (ports: AnswerPorts) => ToolSet;
    imageModel?: ImageModelV4;
  } = {},
) {
  const usage = new AnswerUsage();
  const chunks: Chunk[] = [];
  let bytes = 0;
  const outcome = await generateAnswer({
    languageModel,
    imageModel: options.imageModel ?? createDemoImageModel(),
    usage,
    prepare: options.prepare ?? (async () => [question]),
    ...(options.toolsFor && { toolsFor: options.toolsFor, maxSteps: 3 }),
    abortSignal: (options.abort ?? new AbortController()).signal,
    limits: { ...limits, ...options.limits },
    pace: { timers: systemTimers, intervalMs: 48 },
    log: createLogger(),
    onChunk: (chunk) => {
      chunks.push(chunk);
      bytes += contentBytes(chunk);
      if (chunk.type === "text-delta") options.abort?.abort();
      return { contentBytes: bytes };
    },
  });
  return { outcome, chunks, usage };
}

/** A model that calls a tool, and then answers. Its second call has what became of the first. */
function modelCalling(toolName: string, input: string) {
  let calls = 0;
  return new MockLanguageModelV4({
    doStream: async () => {
      calls += 1;
      const parts: LanguageModelV4StreamPart[] =
        calls > 1
          ? [...text("Well."), finish("stop")]
          : [{ type: "tool-call", toolCallId: "c", toolName, input }, finish("tool-calls")];
      return {
        stream: new ReadableStream<LanguageModelV4StreamPart>({
          start(controller) {
            for (const part of parts) controller.enqueue(part);
            controller.close();
          },
        }),
      };
    },
  });
}

/** A tool that throws what libraries and runtimes throw. */
const oddTools = (thrown: unknown): ToolSet => ({
  odd: {
    description: "Throws.",
    inputSchema: z.object({ size: z.number() }),
    execute: () => {
      throw thrown;
    },
  },
});

test.each([
  [
    "an error of a library",
    "odd",
    '{"size":1}',
    new TypeError("fetch https://10.0.0.1/secret"),
    "The tool failed unexpectedly.",
  ],
  ["a text", "odd", '{"size":1}', "secret", "The tool failed unexpectedly."],
  ["nothing", "odd", '{"size":1}', undefined, "The tool failed unexpectedly."],
  [
    "a failure of its own",
    "odd",
    '{"size":1}',
    new ToolFailure("There is no such size."),
    "There is no such size.",
  ],
  ["a wrong input", "odd", '{"secret":1}', null, "The tool was called with invalid input."],
  ["an input that is no JSON", "odd", "{secret", null, "The tool was called with invalid input."],
  ["a tool that is none", "secret", "{}", null, "This tool doesn’t exist."],
])("reader and model are told of %s in the same words, which are ours", async (...row) => {
  const [, toolName, input, thrown, sentence] = row;
  const model = modelCalling(toolName, input);
  const { outcome, chunks } = await run(model, { toolsFor: () => oddTools(thrown) });
  expect(outcome.status).toBe("complete");
  const isOdd = sentence === "The tool failed unexpectedly.";
  expect(takeErrors().map(({ text }) => text.includes("messages.tool_failed"))).toEqual(
    isOdd ? [true] : [],
  );
  const shown = chunks.flatMap((chunk) => ("errorText" in chunk ? [chunk.errorText] : []));
  expect(new Set(shown)).toEqual(new Set([sentence]));
  const [, second] = model.doStreamCalls;
  const told = second?.prompt.filter(({ role }) => role === "tool");
  expect(JSON.stringify(told)).toContain(JSON.stringify(sentence));
  expect(JSON.stringify(told)).not.toMatch(/Available tools|Type validation|JSON parsing|10\.0\.0/);
});

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

/** A model that calls the tool, and then does what another does. */
function modelCallingBefore(other: MockLanguageModelV4) {
  const first = modelCalling("odd", '{"size":1}');
  let calls = 0;
  return new MockLanguageModelV4({
    doStream: (call) => {
      calls += 1;
      return (calls === 1 ? first : other).doStream(call);
    },
  });
}

test("an answer that is stopped has the tokens of the steps before, and an estimate of the last", async () => {
  const abort = new AbortController();
  const model = modelCallingBefore(modelSending(text("Well."), silence));
  const { outcome, usage } = await run(model, {
    abort,
    toolsFor: () => oddTools(new ToolFailure("No.")),
  });
  expect(outcome).toEqual({ status: "stopped", inputTokens: 3, outputTokens: 5 });
  // "Well." was written, and the conversation sent for it.
  expect(usage.uncounted.outputTokens).toBe(2);
  expect(usage.uncounted.inputTokens).toBeGreaterThan(10);
});

test("a provider that breaks off in a later step does not make the steps before free", async () => {
  const cut = modelSending(text("Hi"), (controller) => {
    controller.error(new Error("Network connection lost."));
  });
  const model = modelCallingBefore(cut);
  const { outcome, usage } = await run(model, {
    toolsFor: () => oddTools(new ToolFailure("No.")),
  });
  expect(outcome).toEqual({
    ...{ status: "failed", errorCode: "cut" },
    ...{ inputTokens: 3, outputTokens: 5 },
  });
  expect(usage.uncounted.inputTokens).toBeGreaterThan(10);
});

test("a call that the provider refuses costs nothing", async () => {
  const model = new MockLanguageModelV4({
    doStream: () => Promise.reject(new TypeError("refused")),
  });
  const { outcome, usage } = await run(model);
  expect(outcome.status).toBe("failed");
  expect(outcome).not.toHaveProperty("inputTokens");
  expect(usage.uncounted).toEqual({ inputTokens: 0, outputTokens: 0 });
});

test("an answer that is stopped while it draws has the tokens of the pictures before", async () => {
  const abort = new AbortController();
  const demo = createDemoImageModel();
  let drawings = 0;
  const imageModel: ImageModelV4 = {
    ...demo,
    doGenerate: async (call) => {
      drawings += 1;
      if (drawings === 2) abort.abort();
      return demo.doGenerate(call);
    },
  };
  const draws = ({ draw }: AnswerPorts): ToolSet => ({
    odd: {
      description: "Draws two pictures.",
      inputSchema: z.object({ size: z.number() }),
      execute: async () => {
        await draw({ prompt: "a house", before: null });
        await draw({ prompt: "a tree", before: null });
      },
    },
  });
  const { outcome, usage } = await run(modelCalling("odd", '{"size":1}'), {
    ...{ abort, toolsFor: draws, imageModel },
  });
  // The call of the model, and the demo's count of one picture of two words.
  expect(outcome).toEqual({ status: "stopped", inputTokens: 3 + 2, outputTokens: 5 + 1 });
  expect(usage.uncounted).toEqual({ inputTokens: 2, outputTokens: 1_500 });
});
