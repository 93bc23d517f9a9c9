/** Limits in money: no order of requests, ends and faults spends more than they allow. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { crash } from "../../../test/chat-objects.ts";
import { errorOf } from "../../../test/client.ts";
import { createLimit } from "../../../test/factories.ts";
import { setFaults } from "../../../test/faults.ts";
import { partsWith, upload } from "../../../test/files.ts";
import { takeErrors } from "../../../test/logs.ts";
import { modelTurnsOf } from "../../../test/model-calls.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { storeSettings } from "../../../test/site-settings.ts";
import { openStream } from "../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endlessThoughts,
  endOf,
  hasSaidAfter,
  question,
  readUntil,
  textOf,
} from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";
import { userObject } from "../../platform/user-object.ts";
import { Costs } from "./costs.ts";
import { siteBudget } from "./site/site-budget.ts";

const { MODEL_PRICES } = env;
/** In nano-dollars for a token. */
const price = { input: 1_000, output: 10_000 };

const clearSiteBudget = () =>
  runInDurableObject(siteBudget(env), (_, { storage }) => {
    for (const table of ["days", "holds", "costDays", "costHolds"])
      storage.sql.exec(`DELETE FROM ${table}`);
  });

beforeEach(async () => {
  env.MODEL_PRICES = "demo=1/10";
  await clearSiteBudget();
});
afterEach(async () => {
  Object.assign(env, { MODEL_PRICES, GOOGLE_GENERATIVE_AI_API_KEY: "" });
  await env.HOME.prepare("DELETE FROM ownerLimits").run();
  await storeSettings({});
});

const send = ({ api }: Caller, text: string, modelId?: string) =>
  api.messages.send.mutate({ ...question(text), ...(modelId !== undefined && { modelId }) });
const stop = ({ api }: Caller, turn: { chatId: string; streamId: string }) =>
  api.messages.stop.mutate({ chatId: turn.chatId, streamId: turn.streamId });
/** As administrators see it: users without a limit are not told costs. */
const usageOf = async ({ user }: Caller) =>
  (await callerFor("admin")).api.admin.users.usage.query({ userId: user.id });
const costOf = async (caller: Caller) => (await usageOf(caller)).today.cost.used;
const untilCost = (caller: Caller, nanos: number) =>
  vi.waitFor(async () => expect(await costOf(caller)).toBe(nanos), 20_000);

/** The estimate of a new chat's answer, as the limits of its owner count it. */
async function estimateOf(text: string): Promise<number> {
  const other = await callerFor("anotherUser");
  const turn = await send(other, text);
  const nanos = await costOf(other);
  await stop(other, turn);
  return nanos;
}

/** Sends so many messages at once. @returns the turns, and what the others were refused with */
async function sendAtOnce(callers: readonly Caller[], count: number) {
  const outcomes = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const caller = callers[index % callers.length] as Caller;
      return send(caller, endlessQuestion).then(
        (turn) => ({ caller, turn, code: "" }),
        ({ data }) => ({ caller, turn: null, code: `${data?.errorCode} ${data?.limit}` }),
      );
    }),
  );
  return {
    started: outcomes.flatMap(({ caller, turn }) => (turn ? [{ caller, turn }] : [])),
    refused: outcomes.filter(({ turn }) => !turn).map(({ code }) => code),
  };
}

test("50 messages at once under a limit for 3 answers: 3 begin, and the others read why", async () => {
  const estimate = await estimateOf(endlessQuestion);
  const owner = await callerFor("owner");
  await createLimit({ userId: owner.user.id }, "costPerDayNanos", 3 * estimate);
  const { started, refused } = await sendAtOnce([owner], 50);
  expect(started).toHaveLength(3);
  expect(refused).toEqual(Array(47).fill("RATE_LIMITED day-budget"));
  expect(modelTurnsOf(owner.user.id)).toBeLessThanOrEqual(3);
  const { today } = await usageOf(owner);
  expect(today.cost).toEqual({ used: 3 * estimate, max: 3 * estimate, left: 0 });
  // What did not begin took no message either.
  expect(today.messages.used).toBe(3);
  expect(await errorOf(send(owner, "count to 1"))).toEqual({
    errorCode: "RATE_LIMITED",
    httpStatus: 429,
    limit: "day-budget",
    retryAfterSeconds: expect.any(Number),
    message: "You’ve used up today’s budget. You can continue after midnight (UTC).",
  });
  // A model that costs nothing still answers.
  await send(owner, "count to 1", "demo-text");
  for (const { turn } of started) await stop(owner, turn);
  // What was stopped costs what was asked and written, and leaves room for the next.
  await vi.waitFor(async () => expect(await costOf(owner)).toBeLessThan(2 * estimate), 20_000);
  expect(await costOf(owner)).toBeGreaterThan(0);
  await send(owner, "count to 1");
});

test("an answer costs its tokens by the price at its beginning, and a later price changes nothing", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 30");
  env.MODEL_PRICES = "demo=7/7";
  expect(endOf(chunksOf(await first.stream.rest()))).toMatchObject({ status: "complete" });
  await vi.waitFor(async () => expect((await usageOf(owner)).items).toHaveLength(1), 20_000);
  const [item] = (await usageOf(owner)).items;
  if (!item) throw new Error("There is no usage.");
  const cost = item.inputTokens * price.input + item.outputTokens * price.output;
  expect(item.costNanos).toBe(cost);
  await untilCost(owner, cost);
  const { month } = await usageOf(owner);
  expect(month.cost).toEqual({ used: cost, max: null, left: null });

  const again = await owner.api.messages.regenerate.mutate({
    chatId: first.chatId,
    messageId: first.assistantMessageId,
  });
  await (await openStream(owner, again)).rest();
  await vi.waitFor(async () => expect((await usageOf(owner)).items[0]?.answers).toBe(2), 20_000);
  const [both] = (await usageOf(owner)).items;
  if (!both) throw new Error("There is no usage.");
  const inputTokens = both.inputTokens - item.inputTokens;
  const outputTokens = both.outputTokens - item.outputTokens;
  expect(both.costNanos).toBe(cost + 7_000 * (inputTokens + outputTokens));
  await untilCost(owner, both.costNanos);
});

test("a limit of the month says when it comes back, for a guest with the way to an account", async () => {
  const guest = await callerFor("guest");
  await createLimit({ role: "guest" }, "costPerMonthNanos", 1);
  const { stream } = await ask(guest, "count to 1");
  await stream.rest();
  const refusal = await errorOf(send(guest, "count to 1"));
  expect(refusal).toMatchObject({ errorCode: "RATE_LIMITED", limit: "month-budget" });
  expect(refusal.message).toMatch(
    /^You’ve used up this month’s budget\. Sign up to keep chatting, or come back on \w+ 1 \(UTC\)\.$/,
  );
  const { endsAt, cost } = (await usageOf(guest)).month;
  expect(cost).toMatchObject({ max: 1, left: 0 });
  expect([new Date(endsAt).getUTCDate(), endsAt % 86_400_000]).toEqual([1, 0]);
});

test("all ways to answer count, and a repeated request counts once", async () => {
  const owner = await callerFor("owner");
  const input = question(endlessQuestion);
  const turns = await Promise.all([1, 2, 3].map(() => owner.api.messages.send.mutate(input)));
  const estimate = await costOf(owner);
  expect(estimate).toBe(await estimateOf(endlessQuestion));
  const [turn] = turns as [(typeof turns)[0]];
  await stop(owner, turn);
  const { chatId, assistantMessageId: messageId } = turn;
  await createLimit({ userId: owner.user.id }, "costPerDayNanos", 1);
  const { continue: goOn, regenerate } = owner.api.messages;
  expect(await errorOf(goOn.mutate({ chatId, messageId }))).toMatchObject({ limit: "day-budget" });
  expect(await errorOf(regenerate.mutate({ chatId, messageId }))).toMatchObject({
    limit: "day-budget",
  });
});

test("a turn whose object dies costs what is known of it, once", async () => {
  const owner = await callerFor("owner");
  const thinking = await ask(owner, endlessThoughts);
  await thinking.stream.next();
  const estimate = await costOf(owner);
  await crash(owner, thinking.chatId);
  // The next call finds the turn, and ends it.
  await owner.api.messages.list.query({ chatId: thinking.chatId });
  await vi.waitFor(async () => expect(await costOf(owner)).toBeLessThan(estimate), 20_000);
  expect(await costOf(owner)).toBeGreaterThan(0);
});

test("an answer that is stopped counts the steps that it has finished, in tokens and in money", async () => {
  const owner = await callerFor("owner");
  const call = { toolName: "getWeather", input: { city: "Oslo" } };
  const text = scriptText({ length: 1_000, sizes: [50], perTurn: 100, call });
  const turn = await ask(owner, text);
  await readUntil(turn.stream, (events) => textOf(chunksOf(events)).length === 100);
  await stop(owner, turn);
  // Of the step that called the tool.
  await vi.waitFor(async () => expect((await usageOf(owner)).today.tokens.used).toBe(2), 20_000);
  const { items, today } = await usageOf(owner);
  expect(items[0]).toMatchObject({ inputTokens: 1, outputTokens: 1 });
  const { costNanos = 0 } = items[0] ?? {};
  expect(today.cost.used).toBe(costNanos);
  // With what the step after it was sent, and has written.
  expect(costNanos).toBeGreaterThan(price.input + price.output + 25 * price.output);
});

test("a long file counts by its length, before the answer and when it is stopped", async () => {
  const owner = await callerFor("owner");
  const usual = await estimateOf(endlessQuestion);
  const file = await upload(owner, "words ".repeat(30_000), "words.txt");
  const chatId = newId();
  const message = { id: newId(), parts: partsWith(endlessQuestion, file) };
  const turn = await owner.api.messages.send.mutate({ chatId, message });
  // Of 180,000 characters, the model gets 100,000.
  expect((await costOf(owner)) - usual).toBe(25_000 * price.input);
  const stream = await openStream(owner, turn);
  await readUntil(stream, (events) => textOf(chunksOf(events)) !== "");
  await stop(owner, turn);
  await vi.waitFor(async () => expect((await usageOf(owner)).items).toHaveLength(1), 20_000);
  expect((await usageOf(owner)).items[0]?.costNanos).toBeGreaterThan(25_000 * price.input);
});

test("a turn that died before it called a model costs nothing", async () => {
  const owner = await callerFor("owner");
  const chatId = newId();
  const isSave = (step: string, sql: string) => step === "d1" && /insert into "messages"/.test(sql);
  setFaults(
    { userId: owner.user.id, chatId },
    { decide: (step, sql) => (isSave(step, sql) ? "fail-after" : undefined) },
  );
  const input = question("count to 3", { chatId });
  expect((await errorOf(owner.api.messages.send.mutate(input))).errorCode).toBe("INTERNAL");
  takeErrors();
  setFaults({ userId: owner.user.id, chatId }, undefined);
  // Repeated, it is the turn that died.
  const turn = await owner.api.messages.send.mutate(input);
  expect(endOf(chunksOf(await (await openStream(owner, turn)).rest()))).toEqual({
    status: "interrupted",
  });
  await untilCost(owner, 0);
  expect((await usageOf(owner)).today.messages.used).toBe(1);
});

test("an answer that goes on by itself costs the price of its restart from there on", async () => {
  const owner = await callerFor("owner");
  const turn = await ask(owner, endlessQuestion);
  await readUntil(turn.stream, (events) => textOf(chunksOf(events)) !== "");
  const estimate = await costOf(owner);
  env.MODEL_PRICES = "demo=7.919/7.919";
  await crash(owner, turn.chatId);
  await readUntil(turn.stream, (events) => hasSaidAfter(chunksOf(events), 1));
  await stop(owner, turn);
  await vi.waitFor(async () => expect((await usageOf(owner)).items).toHaveLength(1), 20_000);
  const { costNanos = 0 } = (await usageOf(owner)).items[0] ?? {};
  expect(costNanos).toBeGreaterThan(0);
  expect(costNanos % 7_919).toBe(0);
  // What the run before has used is not known, and counts by its estimate.
  await untilCost(owner, estimate + costNanos);
});

test("a message that is refused for another reason costs nothing", async () => {
  const owner = await callerFor("owner");
  await createLimit({ userId: owner.user.id }, "messagesPerDay", 1);
  const turn = await send(owner, endlessQuestion);
  const estimate = await costOf(owner);
  expect(await errorOf(send(owner, "count to 1"))).toMatchObject({ limit: "day" });
  const unknown = { ...question("count to 1"), parentId: newId() };
  expect(await errorOf(owner.api.messages.send.mutate(unknown))).toMatchObject({
    errorCode: "NOT_FOUND",
  });
  expect(await costOf(owner)).toBe(estimate);
  await stop(owner, turn);
});

test("a model without a price does not answer under a limit in money", async () => {
  Object.assign(env, { GOOGLE_GENERATIVE_AI_API_KEY: "key" });
  const owner = await callerFor("owner");
  await createLimit({ userId: owner.user.id }, "costPerMonthNanos", 1_000_000_000);
  expect(await errorOf(send(owner, "hello"))).toMatchObject({
    errorCode: "INVALID",
    message: expect.stringMatching(/^Gemini .* has no price, so it can’t be used/),
    fields: { modelId: expect.any(String) },
  });
  expect((await usageOf(owner)).today.messages.used).toBe(0);
});

test("the site's limit in money holds all users together, beside that in tokens", async () => {
  const admin = await callerFor("admin");
  const callers = [await callerFor("owner"), await callerFor("anotherUser")];
  const { get, update } = admin.api.admin.settings;
  const { version } = await get.query();
  await update.mutate({ version, settings: {}, costPerDayNanos: 1_000_000_000_000 });
  const probe = await send(admin, endlessQuestion);
  const estimate = await siteBudget(env).costToday();
  // With the call that names the chat: what it is sent, and what it may write.
  expect(estimate - (await costOf(admin))).toBe(700 * price.input + 300 * price.output);
  await stop(admin, probe);
  await vi.waitFor(
    async () => expect(await siteBudget(env).costToday()).toBeLessThan(estimate),
    20_000,
  );
  await clearSiteBudget();

  const limit = { version: version + 1, settings: {}, costPerDayNanos: 4 * estimate };
  expect(await update.mutate(limit)).toMatchObject({ costPerDayNanos: 4 * estimate });
  const { started, refused } = await sendAtOnce(callers, 20);
  expect(started).toHaveLength(4);
  expect(refused).toEqual(Array(16).fill("RATE_LIMITED site"));
  // Of an older page, which does not know the limit.
  await update.mutate({ version: version + 2, settings: {} });
  expect((await get.query()).costPerDayNanos).toBe(4 * estimate);
  expect(await errorOf(send(admin, "count to 1"))).toMatchObject({ limit: "site" });
  await send(admin, "count to 1", "demo-text");
  await update.mutate({ version: version + 3, settings: {}, costPerDayNanos: null });
  await send(admin, "count to 1");
  for (const { caller, turn } of started) await stop(caller, turn);
});

test("costs count in the day and month in which a turn began; restarts keep their estimates", async () => {
  const stub = userObject(env, newId());
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    let now = Date.UTC(2026, 0, 31, 23, 59);
    const costs = new Costs(sql, () => now);
    expect(costs.read()).toEqual({ dayNanos: 0, monthNanos: 0 });
    const hold = (turnId: string) => ({ turnId, nanos: 10 });
    expect(costs.take("a", hold("a"), { costNanos: 10 })).toBeNull();
    expect(costs.take("a", hold("a"), { costNanos: 10 })).toBeNull();
    expect(costs.take("b", hold("b"), { costNanos: 10 })).toEqual({
      of: "day",
      endsAt: Date.UTC(2026, 1, 1),
    });
    expect(costs.take("free", { turnId: "free", nanos: 0 }, { costNanos: 10 })).toBeNull();
    now += 2 * 60_000;
    expect(costs.read()).toEqual({ dayNanos: 0, monthNanos: 0 });
    costs.settle("a", 3);
    costs.settle("a", 3);
    costs.take("c", hold("c"), {});
    costs.take("c/1", hold("c"), {});
    costs.settle("c", 4);
    expect(costs.read()).toEqual({ dayNanos: 14, monthNanos: 14 });
    now += 24 * 60 * 60_000;
    expect(costs.take("d", hold("d"), { costNanos: 1, monthCostNanos: 14 })).toEqual({
      of: "month",
      endsAt: Date.UTC(2026, 2, 1),
    });
    expect(costs.take("d", hold("d"), { costNanos: 1, monthCostNanos: 15 })).toBeNull();
    costs.giveBack("d");
    costs.giveBack("d");
    expect(costs.read()).toEqual({ dayNanos: 0, monthNanos: 14 });
    const days = () => [...sql.exec("SELECT * FROM costDays")];
    expect(days()).toEqual([
      { day: "2026-01-31", nanos: 3 },
      { day: "2026-02-01", nanos: 14 },
      { day: "2026-02-02", nanos: 0 },
    ]);
    now = Date.UTC(2026, 2, 1);
    costs.take("e", hold("e"), {});
    expect(days().map(({ day }) => day)).toEqual(["2026-02-01", "2026-02-02", "2026-03-01"]);
  });
});
