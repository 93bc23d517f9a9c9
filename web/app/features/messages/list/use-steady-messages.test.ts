import type { MessageStatus } from "api-worker/contracts";
import { expect, test } from "vitest";
import type { ChatMessage } from "../message.ts";
import { steadyMessage } from "./use-steady-messages.ts";

function answer(text: string, status: MessageStatus = "streaming", id = "answer-1"): ChatMessage {
  return { id, role: "assistant", parts: [{ type: "text", text }], metadata: { status } };
}

test("an answer does not shrink while it is replayed", () => {
  const shown = answer("one two");
  expect(steadyMessage(shown, answer(""))).toBe(shown);
  const next = answer("one two three");
  expect(steadyMessage(shown, next)).toBe(next);
});

test("an ended answer, and another answer, are shown as they are", () => {
  const ended = answer("one", "stopped");
  expect(steadyMessage(answer("one two"), ended)).toBe(ended);
  const other = answer("", "streaming", "answer-2");
  expect(steadyMessage(answer("one two"), other)).toBe(other);
  expect(steadyMessage(answer("one two"), undefined)).toBeUndefined();
});
