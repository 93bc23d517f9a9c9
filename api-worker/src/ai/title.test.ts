import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { createDemoModel } from "./demo-model.ts";
import { fallbackTitle, generateTitle } from "./title.ts";
import { cleanTitle } from "./title-text.ts";

test.each([
  ["How do I bake bread?", "How do I bake bread?"],
  ["  many   spaces\nand\tlines ", "many spaces and lines"],
  ["## A **bold** `question`", "A bold question"],
  ["Make a **table**, `code`; and *lists*.", "Make a table, code; and lists."],
  ["Is 2*3>5?", "Is 2 3 5?"],
  ["```js\ncode()\n``` fails", "code() fails"],
  [
    "Explain to me in detail how the tides of the sea are made by the moon and the sun",
    "Explain to me in detail how the tides of the sea are made…",
  ],
  ["x".repeat(100), `${"x".repeat(59)}…`],
  ["🙂".repeat(100), `${"🙂".repeat(59)}…`],
  // 7 code points each.
  ["👨‍👩‍👧‍👦".repeat(20), `${"👨‍👩‍👧‍👦".repeat(8)}…`],
  [`${"ก".repeat(58)}กี่กี่กี่`, `${"ก".repeat(58)}…`],
  [`${"क".repeat(57)}क्षत्रियक्षत्रिय`, `${"क".repeat(57)}…`],
  ["日本語の質問", "日本語の質問"],
  ["???", "???"],
  ["***", "***"],
  ["  \n ", "New chat"],
])("the fallback for %j is %j", (question, expected) => {
  expect(fallbackTitle(question)).toBe(expected);
  expect(Array.from(fallbackTitle(question)).length).toBeLessThanOrEqual(60);
});

test.each([
  ["Baking bread", "Baking bread"],
  ['"Baking bread."\n', "Baking bread"],
  ["\n\n**Title:** “Baking bread”\nBecause you asked.", "Baking bread"],
  ["# C# and F# `types`", "C and F types"],
  ["word ".repeat(40), `${"word ".repeat(16).trim().slice(0, 79)}…`],
  ["", null],
  ["...\n---", null],
])("of %j the title is %j", (answer, expected) => {
  expect(cleanTitle(answer)).toBe(expected);
});

test.each([
  ["How do I bake a good sourdough bread at home?", "How do I bake a good"],
  ["count to 2000", "Count to 2000"],
  ["fail", "Fail"],
])("the demo model names %j %j", async (question, expected) => {
  const languageModel = createDemoModel({ tokensPerSecond: 1e9 });
  expect(await generateTitle({ languageModel, question })).toBe(expected);
});

test("a model that thinks for long may not write more than a name is worth", async () => {
  const model = new MockLanguageModelV4({ doGenerate: () => Promise.reject(new Error("no")) });
  await generateTitle({ languageModel: model, question: "hello" });
  expect(model.doGenerateCalls[0]?.maxOutputTokens).toBe(1_000);
});

test("a model that fails, or is aborted, gives no title", async () => {
  const languageModel = new MockLanguageModelV4({
    doGenerate: () => Promise.reject(new Error("no")),
  });
  expect(await generateTitle({ languageModel, question: "hello" })).toBeNull();
  expect(
    await generateTitle({
      languageModel: createDemoModel({ tokensPerSecond: 1e9 }),
      question: "hello",
      abortSignal: AbortSignal.abort(),
    }),
  ).toBeNull();
});
