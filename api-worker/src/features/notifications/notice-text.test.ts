import { describe, expect, test } from "vitest";
import { noticeOf, plainText } from "./notice-text.ts";

describe("the words of Markdown", () => {
  test.each([
    ["# Heading\n\nSome *soft* and **loud** `code`.", "Heading Some soft and loud code."],
    ["- one\n- two\n  1. three", "one two three"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"],
    ["> quoted\n> twice\\\nand on", "quoted twice and on"],
    ["[a link](https://example.com) and ![a picture](x.png)", "a link and a picture"],
    ["```js\nconst a = 1;\n```\nAfter.", "const a = 1; After."],
    ["**注意：**正文，价格10~20元", "注意：正文，价格10~20元"],
    ["H<sub>2</sub>O, <kbd>Ctrl</kbd><br>next", "H 2 O, Ctrl next"],
    ["<!-- a --> Install it. <!-- b -->", "Install it."],
    ["1 < 2 && <script>alert(1)</script>", "1 < 2 && <script>alert(1)</script>"],
    ["مرحبا **بالعالم**", "مرحبا بالعالم"],
    ["  \n\n", ""],
    ["2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"],
  ])("of %j", (markdown, words) => {
    expect(plainText(markdown)).toBe(words);
  });

  test("of a hostile text come quickly", () => {
    const startedAt = performance.now();
    const parts = ["> ".repeat(30_000), "*a_ ".repeat(30_000), "[".repeat(50_000)].map((text) => ({
      type: "text",
      text,
    }));
    for (const part of parts)
      noticeOf({ title: "", status: "complete", parts: JSON.stringify([part]) });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

const text = (words: string) => ({ type: "text", text: words });

test("a notice has the chat's title and the first words of the answer", () => {
  const thought = { type: "reasoning", text: "Hm." };
  const parts = JSON.stringify([null, thought, text("Rayleigh"), text("scattering.")]);
  expect(noticeOf({ title: "The sky", status: "complete", parts })).toEqual({
    title: "The sky",
    text: "Rayleigh scattering.",
  });
});

test("a notice is short, and its title and text end between words or characters", () => {
  const long = noticeOf({
    title: "👩‍👩‍👧‍👦".repeat(60),
    status: "complete",
    parts: JSON.stringify([text("word ".repeat(1_000))]),
  });
  expect(long.text).toMatch(/^(word )+word…$/);
  expect(long.text.length).toBeLessThanOrEqual(160);
  expect(long.title).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
  expect(long.title.length).toBeLessThanOrEqual(100);
});

test.each([
  ["complete", "The answer is ready."],
  ["failed", "The answer couldn’t be completed."],
  ["interrupted", "The answer was interrupted."],
] as const)("an answer without words that is %s", (status, sentence) => {
  expect(noticeOf({ title: "A chat", status, parts: '[{"type":"file"}]' }).text).toBe(sentence);
});

test("an answer that failed is not shown as if it were there", () => {
  const parts = JSON.stringify([text("The first half")]);
  const { text: said } = noticeOf({ title: "A chat", status: "failed", parts });
  expect(said).toBe("The answer couldn’t be completed.");
});
