import type { MessageListOutput } from "api-worker/contracts";
import { expect, test } from "vitest";
import { shareCardOf } from "./share-card.ts";

const family = "👨‍👩‍👧‍👦";

function descriptionOf(text: string): string {
  const answer = { role: "assistant", parts: [{ type: "text", text }] };
  const page = { items: [answer] } as unknown as MessageListOutput;
  return shareCardOf({ id: "c", title: "t" }, page, "https://a.example").description;
}

test("a short answer is the description of the card", () => {
  expect(descriptionOf("## Yes, **really**.")).toBe("Yes, really.");
});

test.each([
  ["an emoji", "😀", 198],
  ["an emoji of several parts", family, 195],
  ["a Thai vowel sign", "กี่", 197],
  ["a Hindi conjunct", "क्षि", 197],
])("a description is not cut inside %s", (_, grapheme, length) => {
  const start = "x".repeat(length);
  expect(descriptionOf(`${start}${grapheme}${grapheme}`)).toBe(`${start}…`);
});
