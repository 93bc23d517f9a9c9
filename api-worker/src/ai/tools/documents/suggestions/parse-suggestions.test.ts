import { expect, test } from "vitest";
import { parseSuggestions } from "./parse-suggestions.ts";

const content = "The sea is blue. The sea is deep.\nFish live in it.";
const one = { original: "is blue", proposed: "is grey", reason: "It rains." };
const two = { original: "Fish live in it.", proposed: "", reason: "Obvious." };
const found = [
  { ...one, start: 8 },
  { ...two, start: 34 },
];

test.each([
  ["lines", `${JSON.stringify(one)}\n${JSON.stringify(two)}`],
  [
    "lines that a model dresses up",
    `Sure!\n\`\`\`json\n${JSON.stringify(one)},\n ${JSON.stringify(two)}\n\`\`\``,
  ],
  ["an array", JSON.stringify([one, two])],
  ["an array in a fence", `\`\`\`json\n${JSON.stringify([one, two], null, 2)}\n\`\`\``],
  ["an object around an array", JSON.stringify({ suggestions: [one, two] })],
])("suggestions are read from %s", (_, answer) => {
  expect(parseSuggestions(answer, content)).toEqual({ suggestions: found, dropped: [] });
});

test.each([
  ["is not in the document", { ...one, original: "is red" }, /“is red” isn’t in the document/],
  ["is there twice", { ...one, original: "The sea" }, /more than once/],
  ["changes nothing", { ...one, proposed: "is blue" }, /as it is/],
  ["is of a wrong shape", { original: 1 }, /JSON object/],
  ["has no original", { ...one, original: "" }, /JSON object/],
  ["has a NUL", { ...one, proposed: "a\0" }, /JSON object/],
  ["has half a character", { ...one, proposed: "a\ud83d" }, /JSON object/],
  ["is longer than a passage", { ...one, proposed: "x".repeat(8_001) }, /JSON object/],
])("a suggestion that %s is dropped, and the other stays", (_, wrong, reason) => {
  const answer = `${JSON.stringify(wrong)}\n${JSON.stringify(two)}`;
  const { suggestions, dropped } = parseSuggestions(answer, content);
  expect(suggestions).toEqual([found[1]]);
  expect(dropped).toEqual([expect.stringMatching(reason)]);
});

test("a suggestion that overlaps with one before it is dropped", () => {
  const overlapping = { original: "blue. The", proposed: "x", reason: "" };
  const { suggestions, dropped } = parseSuggestions(JSON.stringify([one, overlapping]), content);
  expect(suggestions).toEqual([found[0]]);
  expect(dropped).toEqual([expect.stringContaining("overlaps")]);
});

test("of many suggestions five are taken, and the reasons for the others are bounded", () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}.`);
  const answer = words.map((original) => JSON.stringify({ original, proposed: "x" })).join("\n");
  const { suggestions, dropped } = parseSuggestions(answer, words.join(" "));
  expect(suggestions.map(({ original }) => original)).toEqual(words.slice(0, 5));
  expect(dropped).toHaveLength(10);
});

test.each(["", "I have nothing to suggest.", "[]", "{", "[[[[", '{"original": "is blue"', "null"])(
  "%j has no suggestions",
  (answer) => {
    expect(parseSuggestions(answer, content).suggestions).toEqual([]);
  },
);

test("a hostile answer is read in no time", () => {
  const answers = ["[".repeat(1e6), "{".repeat(1e6), '{"a":'.repeat(2e5), "{\n".repeat(5e5)];
  const startedAt = performance.now();
  for (const answer of answers) {
    expect(parseSuggestions(answer, content).suggestions).toEqual([]);
  }
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
