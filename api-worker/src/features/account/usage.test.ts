import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { createChat, createLimit, createMessage, createUser } from "../../../test/factories.ts";
import { ask } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";
import { userObject } from "../../platform/user-object.ts";
import { utcDay, utcDayBefore } from "../../platform/utc-day.ts";
import { finishMessage } from "../messages/turn/finish-message.ts";

const content = createContentDb(env.CONTENT_0);
const usageOf = async (caller: Caller, days?: number) =>
  (await caller.api.account.usage.query(days === undefined ? {} : { days })).items;

/** An answer that is open in D1, without a turn. */
async function openAnswer(caller: Caller, modelId = "demo") {
  const chat = await createChat(caller.user);
  const streamId = newId();
  const answer = await createMessage(caller.user, chat, {
    role: "assistant",
    status: "streaming",
    streamId,
    modelId,
  });
  return { userId: caller.user.id, assistantMessageId: answer.id, turnId: streamId };
}

test("an answer's tokens are on its day and model, and the answer has them too", async () => {
  const owner = await callerFor("owner");
  expect(await usageOf(owner)).toEqual([]);
  const { chatId, stream } = await ask(owner, "count to 5");
  await stream.rest();
  await expect.poll(() => usageOf(owner)).toHaveLength(1);
  const { items } = await owner.api.messages.list.query({ chatId });
  const { inputTokens, outputTokens, modelId } = items.at(-1) ?? {};
  expect(outputTokens).toBeGreaterThan(0);
  const day = utcDay(items.at(-1)?.finishedAt ?? 0);
  expect(await usageOf(owner)).toEqual([
    { day, modelId, answers: 1, inputTokens, outputTokens, costNanos: 0 },
  ]);
  expect(await usageOf(await callerFor("anotherUser"))).toEqual([]);
});

test("an end that is delivered twice counts once, and a second one not at all", async () => {
  const owner = await callerFor("owner");
  const answer = await openAnswer(owner);
  const finishedAt = Date.now();
  const end = {
    status: "complete",
    inputTokens: 3,
    outputTokens: 4,
    costNanos: 5,
    finishedAt,
    parts: "[]",
  } as const;
  expect(await finishMessage(content, answer, end)).toBe(true);
  expect(await finishMessage(content, answer, end)).toBe(false);
  expect(await finishMessage(content, { ...answer, turnId: newId() }, end)).toBe(false);
  const item = {
    ...{ day: utcDay(finishedAt), modelId: "demo", answers: 1 },
    ...{ inputTokens: 3, outputTokens: 4 },
  };
  // Only a user with a limit in money is told costs.
  expect(await usageOf(owner)).toEqual([{ ...item, costNanos: 0 }]);
  await createLimit({ userId: owner.user.id }, "costPerMonthNanos", 10);
  expect(await usageOf(owner)).toEqual([{ ...item, costNanos: 5 }]);
});

test("a user without a limit in money is not told what answers in progress cost", async () => {
  const owner = await callerFor("owner");
  await userObject(env, owner.user.id).takeTurn(
    newId(),
    { messages: null, tokens: null },
    { turnId: newId(), nanos: 7 },
  );
  const costs = async () => {
    const { today, month } = await owner.api.account.usage.query({});
    return [today.cost.used, month.cost.used];
  };
  expect(await costs()).toEqual([0, 0]);
  await createLimit({ userId: owner.user.id }, "costPerDayNanos", 10);
  expect(await costs()).toEqual([7, 7]);
});

test("uses add up by day and model, the newest day first, as far back as asked for", async () => {
  const guest = await callerAs(await createUser({ email: null }));
  await createLimit({ userId: guest.user.id }, "costPerDayNanos", 1_000);
  const now = Date.now();
  const dayMs = 24 * 60 * 60 * 1000;
  const days = [
    [0, "a", 1, 10],
    [0, "a", 2, 20],
    [0, "b", 4, 40],
    [1, "a", 8, undefined],
    [29, "a", 16, 160],
    [30, "a", 32, 320],
  ] as const;
  for (const [daysAgo, modelId, inputTokens, outputTokens] of days) {
    const tokens = {
      inputTokens,
      ...(outputTokens !== undefined && { outputTokens, costNanos: 2 * outputTokens }),
    };
    await finishMessage(content, await openAnswer(guest, modelId), {
      status: "stopped",
      parts: "[]",
      finishedAt: now - daysAgo * dayMs,
      ...tokens,
    });
  }
  const day = (daysAgo: number) => utcDayBefore(now, daysAgo);
  const month = [
    { day: day(0), modelId: "b", answers: 1, inputTokens: 4, outputTokens: 40, costNanos: 80 },
    { day: day(0), modelId: "a", answers: 2, inputTokens: 3, outputTokens: 30, costNanos: 60 },
    { day: day(1), modelId: "a", answers: 1, inputTokens: 8, outputTokens: 0, costNanos: 0 },
    { day: day(29), modelId: "a", answers: 1, inputTokens: 16, outputTokens: 160, costNanos: 320 },
  ];
  expect(await usageOf(guest)).toEqual(month);
  expect(await usageOf(guest, 1)).toEqual(month.slice(0, 2));
  expect(await usageOf(guest, 366)).toHaveLength(5);
});
