import { expect, test } from "vitest";
import type { Chunk } from "../../turn/chunks.ts";
import { readCutLog, restartChunk } from "./cut-log.ts";

const first: Chunk[] = [{ type: "start", messageId: "m" }];
const step: Chunk = { type: "start-step" };
const stepEnd: Chunk = { type: "finish-step" };
const textStart: Chunk = { type: "text-start", id: "t" };
const text: Chunk = { type: "text-delta", id: "t", delta: "Hi" };
const textEnd: Chunk = { type: "text-end", id: "t" };
const thought: Chunk[] = [
  { type: "reasoning-start", id: "r" },
  { type: "reasoning-delta", id: "r", delta: "Hm" },
];
const call = (toolCallId: string): Chunk => ({
  type: "tool-input-available",
  toolCallId,
  toolName: "getWeather",
  input: {},
});
const result: Chunk = { type: "tool-output-available", toolCallId: "a", output: {} };

const read = (...chunks: Chunk[]) => readCutLog([...first, ...chunks], first.length);

test.each<[string, Chunk[], boolean]>([
  ["nothing", [], false],
  ["thoughts", [step, ...thought], false],
  ["a text without words", [step, textStart, { ...text, delta: "" } as Chunk], false],
  ["a call without a result", [step, call("a")], false],
  ["a preliminary result", [step, call("a"), { ...result, preliminary: true } as Chunk], false],
  ["words", [step, textStart, text], true],
  ["a result", [step, call("a"), result], true],
  [
    "an error of a tool",
    [step, { type: "tool-output-error", toolCallId: "a", errorText: "" }],
    true,
  ],
  ["words before the last restart", [step, textStart, text, restartChunk(1)], false],
  ["words after it", [step, textStart, text, restartChunk(1), text], true],
])("%s: whether the turn got somewhere", (_, chunks, expected) => {
  expect(read(...chunks).hasProgress).toBe(expected);
});

test("what the turn began with is no progress, but has the restarts of earlier turns", () => {
  const kept = [...first, step, textStart, text, restartChunk(2)];
  expect(readCutLog(kept, kept.length)).toMatchObject({ hasProgress: false, restarts: 2 });
  expect(readCutLog([...kept, text], kept.length)).toMatchObject({
    hasProgress: true,
    restarts: 2,
  });
});

test.each<[string, Chunk[], string | null, Chunk[]]>([
  ["a text", [step, textStart, text], "t", []],
  ["a text that ended", [step, textStart, text, textEnd], null, []],
  [
    "a text and thoughts after it",
    [textStart, text, ...thought],
    "t",
    [{ type: "reasoning-end", id: "r" }],
  ],
  ["a text and the note of a restart", [textStart, text, restartChunk(1)], "t", []],
  ["a text and a result of an earlier call", [call("a"), textStart, text, result], "t", []],
  ["a text in a step that ended", [textStart, text, stepEnd], null, []],
  [
    "a text before a call",
    [textStart, text, call("a"), call("b"), result],
    null,
    [
      { type: "text-end", id: "t" },
      { type: "tool-output-error", toolCallId: "b", errorText: expect.any(String) },
    ],
  ],
  [
    "a call that asks",
    [call("a"), { type: "tool-approval-request", approvalId: "x", toolCallId: "a" }],
    null,
    [{ type: "tool-output-error", toolCallId: "a", errorText: expect.any(String) }],
  ],
])("%s: what stays open, and what is closed", (_, chunks, openTextId, closing) => {
  expect(read(...chunks)).toMatchObject({ openTextId, closing });
});

test.each<[string, Chunk[], boolean]>([
  ["the model has ended its answer", [step, textStart, text, textEnd, stepEnd], true],
  ["its step called a tool", [step, textStart, text, textEnd, call("a"), result, stepEnd], false],
  ["the next step has begun", [step, textStart, text, textEnd, stepEnd, step], false],
  ["the step is under way", [step, textStart, text, textEnd], false],
])("%s: whether nothing is left to say", (_, chunks, expected) => {
  expect(read(...chunks).isFinished).toBe(expected);
});
