import { expect, test } from "vitest";
import type { Chunk } from "./chunks.ts";
import { chunksOfParts, joinContinuation, keepParts } from "./message-chunks.ts";
import { type Part, rebuildParts } from "./rebuild-message.ts";

const start: Chunk = { type: "start", messageId: "m" };

const parts = [
  { type: "step-start" },
  {
    type: "reasoning",
    id: "0",
    text: "Hm.",
    state: "done",
    providerMetadata: { google: { sig: "x" } },
  },
  { type: "text", text: "Half an ans", state: "done" },
  {
    type: "tool-weather",
    toolCallId: "t1",
    state: "output-available",
    input: { city: "Oslo" },
    output: { celsius: 3 },
  },
  {
    type: "tool-weather",
    toolCallId: "t2",
    state: "output-error",
    input: { city: "Rome" },
    errorText: "No.",
  },
  {
    type: "dynamic-tool",
    toolName: "clock",
    toolCallId: "t3",
    state: "output-available",
    input: {},
    output: 12,
  },
  { type: "source-url", sourceId: "s", url: "https://example.com/", title: "Example" },
  { type: "file", mediaType: "image/png", url: "data:image/png;base64,AAAA" },
  { type: "data-chart", id: "d", data: { x: 1 } },
  { type: "step-start" },
  { type: "text", text: "The end", state: "done" },
] as unknown as Part[];

/** The parts as they would be stored. */
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test("a message is the same after its way through chunks", async () => {
  expect(asJson(await rebuildParts([start, ...chunksOfParts(parts)]))).toEqual(parts);
});

/** A kept message, continued with the model's later chunks. */
async function goOn(kept: Part[], chunks: Chunk[]) {
  const { chunks: first, openTextId } = keepParts(kept);
  const join = joinContinuation(openTextId);
  return asJson(await rebuildParts([start, ...first, ...chunks.flatMap(join)]));
}

const said = (text: string): Chunk[] => [
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta: text },
  { type: "text-end", id: "0" },
];

test("a continued text grows in its own part, in the middle of a word", async () => {
  const kept = [{ type: "step-start" }, { type: "text", text: "Hel", state: "done" }] as Part[];
  expect(await goOn(kept, [{ type: "start-step" }, ...said("lo."), ...said("More.")])).toEqual([
    { type: "step-start" },
    { type: "text", text: "Hello.", state: "done" },
    { type: "text", text: "More.", state: "done" },
  ]);
});

test("thoughts before the continuation do not tear the text apart", async () => {
  const kept = [{ type: "text", text: "Hel", state: "done" }] as Part[];
  const thought: Chunk[] = [
    { type: "reasoning-start", id: "0" },
    { type: "reasoning-delta", id: "0", delta: "Hm." },
    { type: "reasoning-end", id: "0" },
  ];
  expect(await goOn(kept, [{ type: "start-step" }, ...thought, ...said("lo.")])).toEqual([
    { type: "text", text: "Hello.", state: "done" },
    { type: "reasoning", id: "0", text: "Hm.", state: "done" },
  ]);
});

test("a text after a tool call is a new one", async () => {
  const kept = [{ type: "text", text: "Look: ", state: "done" }] as Part[];
  const call: Chunk = { type: "tool-input-available", toolCallId: "t", toolName: "x", input: {} };
  const result: Chunk = { type: "tool-output-available", toolCallId: "t", output: 1 };
  expect(await goOn(kept, [call, result, ...said("One.")])).toMatchObject([
    { type: "text", text: "Look: " },
    { type: "tool-x", output: 1 },
    { type: "text", text: "One." },
  ]);
});

test("an answer that ended with a tool goes on with a step of its own", async () => {
  const kept = parts.slice(0, 4);
  expect(await goOn(kept, [{ type: "start-step" }, ...said("So.")])).toEqual([
    ...kept,
    { type: "step-start" },
    { type: "text", text: "So.", state: "done" },
  ]);
});
