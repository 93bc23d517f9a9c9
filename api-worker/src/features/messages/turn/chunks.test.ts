import { expect, test } from "vitest";
import {
  type Chunk,
  contentBytes,
  mergeDeltas,
  OpenToolCalls,
  shownBytes,
  urgencyOf,
} from "./chunks.ts";
import { rebuildParts } from "./rebuild-message.ts";

const answer: Chunk[] = [
  { type: "start", messageId: "m1" },
  { type: "reasoning-start", id: "r" },
  { type: "reasoning-delta", id: "r", delta: "Let me " },
  { type: "reasoning-delta", id: "r", delta: "think." },
  { type: "reasoning-end", id: "r" },
  { type: "text-start", id: "a" },
  { type: "text-delta", id: "a", delta: "Grüß " },
  { type: "text-delta", id: "a", delta: "Gott" },
  { type: "text-end", id: "a" },
  { type: "text-start", id: "b" },
  { type: "text-delta", id: "b", delta: "!" },
];

test("merging neighbouring deltas leaves the message as it is", async () => {
  const merged = mergeDeltas(answer);
  expect(merged).toHaveLength(9);
  expect(await rebuildParts(merged)).toEqual(await rebuildParts(answer));
});

test("deltas of different parts, and deltas with a signature, are not merged", () => {
  const chunks: Chunk[] = [
    { type: "text-delta", id: "a", delta: "1" },
    { type: "text-delta", id: "b", delta: "2" },
    { type: "text-delta", id: "b", delta: "3", providerMetadata: { google: { signature: "s" } } },
    { type: "tool-input-delta", toolCallId: "t", inputTextDelta: "{" },
    { type: "tool-input-delta", toolCallId: "t", inputTextDelta: "}" },
  ];
  expect(mergeDeltas(chunks)).toEqual([
    ...chunks.slice(0, 3),
    { type: "tool-input-delta", toolCallId: "t", inputTextDelta: "{}" },
  ]);
});

/** A piece of a data part that is written in pieces, of a kind that only this test knows. */
const piece = (id: string, delta: string, rest: object = {}) =>
  ({ type: "data-draft", id, data: { title: "Letter", delta }, ...rest }) as unknown as Chunk;

test("pieces of a data part are merged like text, and are one part of the message", async () => {
  const chunks: Chunk[] = [
    { type: "start", messageId: "m1" },
    piece("a", "Dear "),
    piece("a", "Ada, "),
    piece("b", "To whom "),
    piece("a", "thank you."),
    piece("a", "x", { id: undefined }),
    piece("a", "y", { id: undefined }),
  ];
  const merged = mergeDeltas(chunks);
  expect(merged).toEqual([chunks[0], piece("a", "Dear Ada, "), ...chunks.slice(3)]);
  const parts = await rebuildParts(chunks);
  expect(await rebuildParts(merged)).toEqual(parts);
  expect(parts).toEqual([
    piece("a", "Dear Ada, thank you."),
    piece("b", "To whom "),
    ...chunks.slice(5),
  ]);
});

test("pieces of a data part count by what they add, and not at all when they are not kept", () => {
  expect(contentBytes(piece("a", "Grüß "))).toBe(7);
  expect(contentBytes(piece("a", "Grüß ", { transient: true }))).toBe(0);
  expect(shownBytes(piece("a", "Grüß ", { transient: true }))).toBe(7);
});

test("a message that was cut off keeps what came, as done", async () => {
  const parts = await rebuildParts(answer);
  expect(parts).toMatchObject([
    { type: "reasoning", text: "Let me think.", state: "done" },
    { type: "text", text: "Grüß Gott", state: "done" },
    { type: "text", text: "!", state: "done" },
  ]);
});

test("a chunk that fits nowhere does not take along what came before it", async () => {
  const parts = await rebuildParts([
    { type: "start", messageId: "m1" },
    { type: "text-start", id: "a" },
    { type: "text-delta", id: "a", delta: "kept" },
    { type: "text-delta", id: "anonymous", delta: "lost" },
  ]);
  expect(parts).toMatchObject([{ type: "text", text: "kept" }]);
});

test("a tool call without a result becomes an error", async () => {
  const chunks: Chunk[] = [
    { type: "start", messageId: "m1" },
    { type: "tool-input-available", toolCallId: "t1", toolName: "weather", input: {} },
    { type: "tool-input-available", toolCallId: "t2", toolName: "weather", input: {} },
    { type: "tool-output-available", toolCallId: "t1", output: "sunny" },
  ];
  const openCalls = new OpenToolCalls();
  for (const chunk of chunks) openCalls.see(chunk);
  const closing = openCalls.close({ status: "complete" });
  expect(closing).toMatchObject([{ type: "tool-output-error", toolCallId: "t2" }]);
  const parts = await rebuildParts([...chunks, ...closing]);
  expect(parts.map((part) => "state" in part && part.state)).toEqual([
    "output-available",
    "output-error",
  ]);
});

test("content is counted in UTF-8 bytes", () => {
  expect(contentBytes({ type: "text-delta", id: "a", delta: "ü€" })).toBe(5);
  expect(contentBytes({ type: "text-start", id: "a" })).toBe(0);
  // Counted as stored: in JSON a line break takes two bytes, and a bell takes six.
  expect(contentBytes({ type: "text-delta", id: "a", delta: "\n\u0007" })).toBe(8);
  const signed = { google: { thoughtSignature: "abc" } };
  expect(contentBytes({ type: "text-delta", id: "a", delta: "x", providerMetadata: signed })).toBe(
    1 + JSON.stringify(signed).length,
  );
  const file: Chunk = {
    type: "file",
    url: `data:image/png;base64,${"A".repeat(400)}`,
    mediaType: "image/png",
  };
  expect(contentBytes(file)).toBe(JSON.stringify(file).length);
  expect(contentBytes({ type: "data-title", data: { title: "T" }, transient: true })).toBe(0);
});

test("a long run of deltas is merged to the same text", () => {
  const deltas = Array.from({ length: 5_000 }, (_, n): Chunk => {
    return { type: "text-delta", id: "a", delta: `${n} ` };
  });
  for (const length of [1, 1_023, 1_024, 1_025, 2_048, 5_000]) {
    const delta = Array.from({ length }, (_, n) => `${n} `).join("");
    expect(mergeDeltas(deltas.slice(0, length))).toEqual([{ type: "text-delta", id: "a", delta }]);
  }
});

test("a call that the reader is asked about stays open after a complete answer, and only then", () => {
  const openCalls = new OpenToolCalls();
  openCalls.see({ type: "tool-input-available", toolCallId: "t", toolName: "weather", input: {} });
  openCalls.see({ type: "tool-approval-request", toolCallId: "t", approvalId: "a" });
  expect(openCalls.close({ status: "complete" })).toEqual([]);
  expect(openCalls.close({ status: "stopped" })).toMatchObject([{ toolCallId: "t" }]);
});

test("marks and the chat's title wait for the next word, and words for nothing", () => {
  expect(urgencyOf({ type: "text-start", id: "a" })).toBe("later");
  expect(urgencyOf({ type: "data-title", data: { title: "T" }, transient: true })).toBe("later");
  expect(urgencyOf({ type: "text-delta", id: "a", delta: "word" })).toBe("due");
});
