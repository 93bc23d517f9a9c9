import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userMessage } from "../message.ts";
import { inFakeTime } from "../testing/fake-time.ts";
import type { TurnRequest } from "./messages-port.ts";
import { sendRequest, startTurn } from "./start-turn.ts";

const answer = { chatId: "chat-1", messageId: "answer-1" };
const approvals = [{ approvalId: "approval", isApproved: true }];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each<[TurnRequest, "again" | "once"]>([
  [sendRequest("chat-1", userMessage("question-1", "count", undefined), null, undefined), "again"],
  [{ kind: "continue", input: answer }, "again"],
  [{ kind: "regenerate", input: answer }, "once"],
  [{ kind: "regenerate", input: { ...answer, onlyIfLast: true } }, "again"],
  [{ kind: "approve", input: { ...answer, approvals } }, "once"],
])("without a response, %o is requested %s", async (request, howOften) => {
  const start = vi.fn().mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(inFakeTime(startTurn({ start }, request))).rejects.toThrow("Failed to fetch");
  expect(start.mock.calls.length > 1 ? "again" : "once").toBe(howOften);
  expect(new Set(start.mock.calls.map(([asked]) => asked))).toEqual(new Set([request]));
});
