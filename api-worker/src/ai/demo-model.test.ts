import { generateText, streamText } from "ai";
import { afterEach, expect, test, vi } from "vitest";
import { createDemoModel, waitBeforeToken } from "./demo-model.ts";
import { classifyFailure } from "./failure.ts";

const unpaced = createDemoModel({ tokensPerSecond: 1e9 });

/** Asks through the AI SDK, as the product does, and gathers what came by kind. */
async function ask(prompt: string) {
  const errors: unknown[] = [];
  const result = streamText({
    model: unpaced,
    prompt,
    onError: ({ error }) => {
      errors.push(error);
    },
  });
  const chunks: string[] = [];
  const kinds: string[] = [];
  let reasoning = "";
  for await (const part of result.stream) {
    kinds.push(part.type);
    if (part.type === "text-delta") chunks.push(part.text);
    if (part.type === "reasoning-delta") reasoning += part.text;
  }
  return { result, chunks, kinds, reasoning, text: chunks.join(""), errors };
}

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["count to 3", 3],
  ["  Count to 12. ", 12],
  ["please COUNT TO 1,000!", 1000],
  ["count up to 5000", 5000],
])("%j gives every number once, in order, each in its own chunk", async (prompt, last) => {
  const { chunks } = await ask(prompt);
  expect(chunks.map((chunk) => chunk.trim())).toEqual(
    Array.from({ length: last }, (_, index) => String(index + 1)),
  );
  expect(chunks.join("").split(" ")).toHaveLength(last);
});

test.each(["count to 5001", "count to 0", "count to 99999999999999999999"])(
  "%j tells the limit",
  async (prompt) => {
    expect((await ask(prompt)).text).toContain("from 1 to 5000");
  },
);

test.each([
  ["What is a Durable Object?", ["demo model", "> What is a Durable Object?", ".dev.vars"]],
  ["one\ntwo", ["> one\n> two", "wrangler secret put GOOGLE_GENERATIVE_AI_API_KEY"]],
  ["don't fail me", ["> don't fail me"]],
  [
    "Markdown sample!",
    ["\n## Table", "| :--- |", "- [x]", "```ts", "```sql", "\n$$\n", "> The", "]("],
  ],
])("%j is answered with what belongs to it", async (prompt, expected) => {
  const { text, kinds } = await ask(prompt);
  for (const part of expected) expect(text).toContain(part);
  expect(kinds).not.toContain("error");
});

test("a very long question is quoted only in part", async () => {
  const { text } = await ask("word ".repeat(2000));
  expect(text.length).toBeLessThan(2000);
});

test("reasoning comes before the text", async () => {
  const { reasoning, text, kinds } = await ask("Think about the sea.");
  expect(reasoning).toContain("the sea");
  expect(text).toContain("**the sea**");
  expect(kinds.lastIndexOf("reasoning-delta")).toBeLessThan(kinds.indexOf("text-start"));
});

test("`fail` sends a part and then an overloaded provider's error, once", async () => {
  const { text, errors, kinds } = await ask("Fail");
  expect(text).toMatch(/^This answer starts .* of the$/);
  expect(kinds.filter((kind) => kind === "error")).toHaveLength(1);
  expect(errors.map(classifyFailure)).toEqual(["overloaded"]);
  await expect(generateText({ model: unpaced, prompt: "fail" })).rejects.toSatisfy(
    (error) => classifyFailure(error) === "overloaded",
  );
});

test("tokens are counted: one a number, and the prompt's words", async () => {
  const { result } = await ask("count to 40");
  expect(await result.usage).toMatchObject({ inputTokens: 3, outputTokens: 40, totalTokens: 43 });
  expect(await result.finishReason).toBe("stop");
  const thought = await (await ask("think about rain")).result.usage;
  const { reasoningTokens = 0, textTokens = 0 } = thought.outputTokenDetails;
  expect(reasoningTokens).toBeGreaterThan(0);
  expect(reasoningTokens + textTokens).toBe(thought.outputTokens);
});

test("the whole answer at once is the streamed one", async () => {
  const { text, reasoning } = await ask("think about rain");
  const whole = await generateText({ model: unpaced, prompt: "think about rain" });
  expect(whole.text).toBe(text);
  expect(whole.reasoningText).toBe(reasoning);
});

test.each([
  { token: 0, perSecond: 50, elapsedMs: 0, waitMs: 0 },
  { token: 1, perSecond: 50, elapsedMs: 0, waitMs: 20 },
  { token: 10, perSecond: 50, elapsedMs: 185, waitMs: 15 },
  { token: 10, perSecond: 50, elapsedMs: 195, waitMs: 0 },
  { token: 10, perSecond: 50, elapsedMs: 900, waitMs: 0 },
  { token: 999, perSecond: 100_000, elapsedMs: 0, waitMs: 0 },
  { token: 1000, perSecond: 100_000, elapsedMs: 0, waitMs: 10 },
])("token $token at $perSecond/s after $elapsedMs ms waits $waitMs ms", (row) => {
  expect(waitBeforeToken(row.token, row.perSecond, row.elapsedMs)).toBe(row.waitMs);
});

/** Reads the model itself, so that only its own timers run on the fake clock. */
async function readPaced(tokensPerSecond: number, abortSignal?: AbortSignal) {
  const { stream } = await createDemoModel({ tokensPerSecond }).doStream({
    prompt: [{ role: "user", content: [{ type: "text", text: "count to 100" }] }],
    ...(abortSignal ? { abortSignal } : {}),
  });
  const numbers: string[] = [];
  const ended = (async () => {
    for await (const part of stream) if (part.type === "text-delta") numbers.push(part.delta);
  })();
  return { numbers, ended };
}

test("50 tokens a second are one each 20 ms", async () => {
  vi.useFakeTimers();
  const { numbers, ended } = await readPaced(50);
  await vi.advanceTimersByTimeAsync(0);
  expect(numbers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(numbers).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(460);
  expect(numbers).toHaveLength(25);
  await vi.advanceTimersByTimeAsync(1500);
  await ended;
  expect(numbers).toHaveLength(100);
});

test("an abort ends the stream at once with its reason, in the middle of a wait", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const { numbers, ended } = await readPaced(1, controller.signal);
  await vi.advanceTimersByTimeAsync(1500);
  expect(numbers).toHaveLength(2);
  const reason = new DOMException("Stopped by the reader.", "AbortError");
  controller.abort(reason);
  await expect(ended).rejects.toBe(reason);
  expect(numbers).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

test("through the AI SDK, an abort ends the answer with an abort part and keeps what came", async () => {
  const controller = new AbortController();
  const result = streamText({
    model: createDemoModel({ tokensPerSecond: 1000 }),
    prompt: "count to 5000",
    abortSignal: controller.signal,
  });
  const kinds: string[] = [];
  let text = "";
  for await (const part of result.stream) {
    kinds.push(part.type);
    if (part.type === "text-delta") text += part.text;
    if (text.includes("20 ")) controller.abort();
  }
  expect(kinds.at(-1)).toBe("abort");
  expect(text).toContain("19 20 ");
  expect(text).not.toContain("5000");
});

test("a call with a signal that is aborted already does not begin", async () => {
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }];
  const abortSignal = AbortSignal.abort(new Error("too late"));
  await expect(unpaced.doStream({ prompt, abortSignal })).rejects.toThrow("too late");
  await expect(unpaced.doGenerate({ prompt, abortSignal })).rejects.toThrow("too late");
});
