import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { openStream } from "../../../test/stream.ts";
import { ask, chunksOf, endOf, textOf } from "../../../test/turns.ts";

/** The tests' weather service cannot be reached, and the tool reports that in words. */
const weatherIsAway = "The weather service can’t be reached.";

async function lastMessage(owner: Caller, chatId: string) {
  const { items } = await owner.api.messages.list.query({ chatId });
  return items.at(-1);
}

/** A question whose answer asks to call the weather tool. */
async function askedForWeather() {
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId, stream } = await ask(owner, "weather in Oslo");
  const chunks = chunksOf(await stream.rest());
  const request = chunks.find(({ type }) => type === "tool-approval-request");
  return {
    owner,
    chatId,
    messageId: assistantMessageId,
    chunks,
    approvalId: String(request?.approvalId),
  };
}

test("a tool that needs no approval is called, and its result is in the message", async () => {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "calculate 2^10");
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(textOf(chunks)).toContain("1024");
  expect((await lastMessage(owner, chatId))?.parts).toMatchObject([
    { type: "step-start" },
    { type: "text", text: "Let me check." },
    { type: "tool-calculate", state: "output-available", output: { result: 1024 } },
    { type: "step-start" },
    { type: "text", text: expect.stringContaining("1024") },
  ]);
});

test("a tool that fails is told to the model, and does not fail the answer", async () => {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "calculate 1/0");
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const message = await lastMessage(owner, chatId);
  expect(message?.parts[2]).toMatchObject({
    state: "output-error",
    errorText: "The result isn’t a finite number.",
  });
  expect(textOf(chunks)).toContain("That didn't work");
});

test("a tool that asks first waits in the message, on every device", async () => {
  const { owner, chatId, chunks, approvalId } = await askedForWeather();
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const message = await lastMessage(owner, chatId);
  expect(message?.parts.at(-1)).toMatchObject({
    type: "tool-getWeather",
    state: "approval-requested",
    input: { place: "Oslo" },
    approval: { id: approvalId },
  });
});

test("a call that is allowed is made, and the answer goes on in the same message", async () => {
  const { owner, chatId, messageId, approvalId } = await askedForWeather();
  const approvals = [{ approvalId, isApproved: true }];
  const turn = await owner.api.messages.approve.mutate({ chatId, messageId, approvals });
  expect(turn.assistantMessageId).toBe(messageId);
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(textOf(chunks)).toContain(weatherIsAway);
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items).toHaveLength(2);
  expect(items[1]?.parts[2]).toMatchObject({ state: "output-error", errorText: weatherIsAway });
  // A second approval is too late.
  const again = owner.api.messages.approve.mutate({ chatId, messageId, approvals });
  expect((await errorOf(again)).message).toMatch(/no longer waiting for your approval/);
});

test("a call that is denied is not made, and the model is told", async () => {
  const { owner, chatId, messageId, approvalId } = await askedForWeather();
  const approvals = [{ approvalId, isApproved: false }];
  const turn = await owner.api.messages.approve.mutate({ chatId, messageId, approvals });
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(textOf(chunks)).toContain("OK, I won't use the tool.");
  expect((await lastMessage(owner, chatId))?.parts[2]).toMatchObject({ state: "output-denied" });
});

test("only what was asked can be allowed", async () => {
  const { owner, chatId, messageId, approvalId } = await askedForWeather();
  const wrong = [
    [{ approvalId: "another", isApproved: true }],
    [
      { approvalId, isApproved: true },
      { approvalId: "another", isApproved: true },
    ],
  ];
  for (const approvals of wrong) {
    const call = owner.api.messages.approve.mutate({ chatId, messageId, approvals });
    expect((await errorOf(call)).errorCode).toBe("INVALID");
  }
  expect((await lastMessage(owner, chatId))?.parts.at(-1)).toMatchObject({
    state: "approval-requested",
  });
});

test("a call that was passed over counts as denied, and the chat goes on", async () => {
  const { owner, chatId } = await askedForWeather();
  const next = await ask(owner, "count to 3", chatId);
  expect(textOf(chunksOf(await next.stream.rest()))).toBe("1 2 3");
});

test("thoughts are kept with the time they took", async () => {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "think about the sea");
  await stream.rest();
  expect((await lastMessage(owner, chatId))?.parts[1]).toMatchObject({
    type: "reasoning",
    providerMetadata: { alleato: { durationMs: expect.any(Number) } },
  });
});
