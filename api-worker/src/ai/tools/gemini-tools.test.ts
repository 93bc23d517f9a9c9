import { expect, inject, test } from "vitest";
import { AnswerUsage } from "../../features/messages/object/answer/answer-usage.ts";
import { generateAnswer } from "../../features/messages/object/answer/generate-answer.ts";
import { systemTimers } from "../../features/messages/object/live/flush-buffer.ts";
import { type Chunk, contentBytes } from "../../features/messages/turn/chunks.ts";
import { rebuildParts } from "../../features/messages/turn/rebuild-message.ts";
import { createLogger } from "../../platform/log.ts";
import { servicesOf } from "../../platform/outbound.ts";
import { resolveModel } from "../models.ts";
import { createTools, maxSteps } from "./registry.ts";

/** A chat without documents. */
const noDocuments = {
  list: async () => [],
  read: async () => null,
  write: async () => null,
  suggest: async () => null,
  readPicture: async () => null,
  storePicture: () => Promise.reject(new Error("There are no documents.")),
};

/** Answers a question by Gemini's wire protocol, with the product's tools. */
async function answer(question: string) {
  const settings = servicesOf({
    GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
    GOOGLE_GENERATIVE_AI_BASE_URL: `${inject("aimockUrl")}/v1beta`,
  });
  const model = resolveModel(settings.ai);
  if (!model) throw new Error("There is no model.");
  const chunks: Chunk[] = [{ type: "start", messageId: "m" }];
  const outcome = await generateAnswer({
    languageModel: model.languageModel,
    imageModel: model.imageModel,
    prepare: async () => [{ id: "q", role: "user", parts: [{ type: "text", text: question }] }],
    toolsFor: (ports) => createTools(settings, { ...ports, documents: noDocuments }),
    maxSteps,
    abortSignal: new AbortController().signal,
    limits: { stallMs: 20_000, idleMs: 60_000, totalMs: 60_000, contentMaxBytes: 100_000 },
    pace: { timers: systemTimers, intervalMs: 48 },
    log: createLogger(),
    usage: new AnswerUsage(),
    onChunk: (chunk) => {
      chunks.push(chunk);
      return { contentBytes: contentBytes(chunk) };
    },
  });
  return { outcome, parts: await rebuildParts(chunks) };
}

test("Gemini's tool call is made, its result goes back on the wire, and the answer uses it", async () => {
  const { outcome, parts } = await answer("use the calculator");
  expect(outcome).toMatchObject({ status: "complete" });
  expect(parts).toMatchObject([
    { type: "step-start" },
    { type: "tool-calculate", state: "output-available", output: { result: 42 } },
    { type: "step-start" },
    { type: "text", text: "It is 42." },
  ]);
});

test("a call of a tool that is none is told to the model, and fails nothing", async () => {
  const { outcome, parts } = await answer("call a tool that is none");
  expect(outcome).toMatchObject({ status: "complete" });
  expect(parts).toMatchObject([
    { type: "step-start" },
    { state: "output-error", errorText: "This tool doesn’t exist." },
    { type: "step-start" },
    { type: "text", text: "I cannot do that." },
  ]);
});

test("a model that never stops calling is called five times, and no more", async () => {
  const { parts } = await answer("never stop calling");
  expect(parts.filter(({ type }) => type === "step-start")).toHaveLength(maxSteps);
});
