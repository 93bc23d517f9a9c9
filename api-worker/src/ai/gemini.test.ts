import { streamText } from "ai";
import { expect, inject, test, vi } from "vitest";
import { servicesOf } from "../platform/outbound.ts";
import { classifyFailure, failureOfFinish } from "./failure.ts";
import { resolveModel } from "./models.ts";
import { generateTitle } from "./title.ts";

const aimockUrl = inject("aimockUrl");
const { ai } = servicesOf({
  GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
  GOOGLE_GENERATIVE_AI_BASE_URL: `${aimockUrl}/v1beta`,
});

function defaultModel() {
  const resolved = resolveModel(ai);
  if (!resolved) throw new Error("There is no default model.");
  return resolved.languageModel;
}

async function ask(prompt: string) {
  const errors: unknown[] = [];
  const result = streamText({
    model: defaultModel(),
    prompt,
    maxRetries: 0,
    include: { requestBody: true },
    onError: ({ error }) => {
      errors.push(error);
    },
  });
  let text = "";
  let reasoning = "";
  let finishReason: Parameters<typeof failureOfFinish>[0] | undefined;
  try {
    for await (const part of result.stream) {
      if (part.type === "text-delta") text += part.text;
      if (part.type === "reasoning-delta") reasoning += part.text;
      if (part.type === "finish") finishReason = part.finishReason;
    }
  } catch (error) {
    // A connection that is cut mid-stream makes the stream itself fail.
    errors.push(error);
  }
  const failure = errors.length > 0 ? classifyFailure(errors[0]) : null;
  return {
    text,
    reasoning,
    result,
    failure: failure ?? (finishReason ? failureOfFinish(finishReason) : null),
  };
}

test("text streams with its token counts", async () => {
  const { text, failure, result } = await ask("say hello");
  expect(text).toBe("Hello from the wire.");
  expect(failure).toBeNull();
  expect(await result.usage).toMatchObject({ inputTokens: 7, outputTokens: 5 });
});

test("reasoning is asked for, and comes apart from the text", async () => {
  const { text, reasoning, result } = await ask("reason first");
  expect({ text, reasoning }).toEqual({ text: "It is 42.", reasoning: "Six times seven." });
  expect((await result.request).body).toMatchObject({
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  });
});

test.each([
  ["use up the quota", "quota"],
  ["overload", "overloaded"],
  ["break inside", "overloaded"],
  ["wrong key", "key"],
  ["key refused", "key"],
  ["say too much", "too_long"],
  ["say the forbidden", "blocked"],
  ["send rubbish", "cut"],
  ["break off", "cut"],
])("when the provider is asked to %s, the answer fails as %s", async (prompt, expected) => {
  expect((await ask(prompt)).failure).toBe(expected);
});

test("what came before a cut is kept", async () => {
  expect((await ask("break off")).text).toMatch(/^word1 word2 /);
});

test("an abort closes the connection to the provider", async () => {
  const controller = new AbortController();
  const testId = crypto.randomUUID();
  const { stream } = streamText({
    model: defaultModel(),
    prompt: "never end",
    headers: { "x-test-id": testId },
    abortSignal: controller.signal,
  });
  const kinds: string[] = [];
  for await (const part of stream) {
    kinds.push(part.type);
    if (part.type === "text-delta") controller.abort();
  }
  expect(kinds.at(-1)).toBe("abort");
  await vi.waitFor(async () => {
    const left = await fetch(`${aimockUrl}/connections/left`);
    expect(await left.json()).toContain(testId);
  });
});

test("a title comes from the provider, and none when it fails", async () => {
  const languageModel = defaultModel();
  expect(await generateTitle({ languageModel, question: "say hello" })).toBe("Hello from the wire");
  expect(await generateTitle({ languageModel, question: "overload" })).toBeNull();
});
