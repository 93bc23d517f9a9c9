/** The budget of the whole site: no order of requests, ends and faults spends more than it allows. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { crash } from "../../../../test/chat-objects.ts";
import { errorOf } from "../../../../test/client.ts";
import { clearFaults, type Fate, setFaults } from "../../../../test/faults.ts";
import { storedMessage } from "../../../../test/invariants.ts";
import { countInvocations, largest } from "../../../../test/invocations.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { modelTurnsOf } from "../../../../test/model-calls.ts";
import { storeSettings } from "../../../../test/site-settings.ts";
import { openStream } from "../../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endlessThoughts,
  endOf,
  question,
  readUntil,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { inTime } from "../../../platform/in-time.ts";
import type { SiteBudgetObject } from "./site-budget.do.ts";
import { siteBudget } from "./site-budget.ts";
import { SiteLedger } from "./site-ledger.ts";

const { SITE_TOKENS_PER_DAY } = env;
const budget = () => siteBudget(env);
const inBudget = <T>(run: (sql: SqlStorage) => T) =>
  runInDurableObject(budget(), (_, { storage }) => run(storage.sql));
const heldTurns = () =>
  inBudget((sql) => sql.exec<{ n: number }>("SELECT count(*) AS n FROM holds").one().n);
const untilSettled = () => vi.waitFor(async () => expect(await heldTurns()).toBe(0), 20_000);

beforeEach(async () => {
  await inBudget((sql) => {
    for (const table of ["days", "holds", "costDays", "costHolds"])
      sql.exec(`DELETE FROM ${table}`);
  });
});
afterEach(async () => {
  Object.assign(env, { SITE_TOKENS_PER_DAY });
  clearFaults();
  await storeSettings({});
});

const send = ({ api }: Caller, text: string) => api.messages.send.mutate(question(text));

/** Sends a message in a chat with faults of its budget, and reads the answer to its end. */
async function answered(owner: Caller, text: string, chatId = newId()) {
  const { stream, ...turn } = await ask(owner, text, chatId);
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  return turn;
}

/** Lets calls of the budget by a new chat meet a fate. */
function chatWith(owner: Caller, fates: { readonly [method: string]: Fate | "hang" }) {
  const chatId = newId();
  const calls: string[] = [];
  setFaults(
    { userId: owner.user.id, chatId },
    {
      before: (step, method) =>
        step === "budget" && fates[method] === "hang" ? new Promise(() => undefined) : undefined,
      decide: (step, method) => {
        if (step !== "budget") return undefined;
        calls.push(method);
        const fate = fates[method];
        return fate === "hang" ? undefined : fate;
      },
    },
  );
  return { chatId, calls };
}

/** Lets the budget's alarm ask about every turn that is not settled. */
async function runAlarm(): Promise<void> {
  await inBudget((sql) => sql.exec("UPDATE holds SET checkedAt = checkedAt - 700000"));
  await runDurableObjectAlarm(budget());
}

/** What a user's answers have used, by the rows of usage. */
async function countedFor({ api }: Caller): Promise<number> {
  const { items } = await api.account.usage.query({});
  return items.reduce((sum, item) => sum + item.inputTokens + item.outputTokens, 0);
}

/** The estimate for the call that names a new chat. */
const nameTokens = 1_000;

test("50 messages at once under a budget for 3: the object lets 3 begin, and the others read why", async () => {
  env.SITE_TOKENS_PER_DAY = "15000";
  const owner = await callerFor("owner");
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () =>
      send(owner, endlessQuestion).then(
        (turn) => ({ turn, code: "ok" }),
        ({ data }) => ({ turn: null, code: `${data?.errorCode} ${data?.limit}` }),
      ),
    ),
  );
  const started = outcomes.flatMap(({ turn }) => (turn ? [turn] : []));
  const refused = outcomes.filter(({ turn }) => !turn).map(({ code }) => code);
  expect(started).toHaveLength(3);
  expect(refused).toEqual(Array(47).fill("RATE_LIMITED site"));
  expect(modelTurnsOf(owner.user.id)).toBeLessThanOrEqual(3);
  // Only what began counts against the user's own day.
  expect((await owner.api.account.usage.query({})).today.messages.used).toBe(3);
  // Another user meets the same limit, and reads nothing of what others use.
  const refusal = await errorOf(send(await callerFor("anotherUser"), "count to 1"));
  expect(refusal).toEqual({
    errorCode: "RATE_LIMITED",
    httpStatus: 429,
    limit: "site",
    retryAfterSeconds: expect.any(Number),
    message:
      "Today’s budget of this site is used up. Come back after midnight (UTC), or ask an administrator to raise it.",
  });
  const estimated = await budget().usedToday();
  for (const { chatId, streamId } of started) {
    const stream = await openStream(owner, { chatId, streamId });
    await readUntil(stream, (events) => textOf(chunksOf(events)) !== "");
    await owner.api.messages.stop.mutate({ chatId, streamId });
  }
  await untilSettled();
  // What was stopped counts what was asked and written, and leaves room for the next.
  const used = await budget().usedToday();
  expect(used).toBeGreaterThan(3 * nameTokens);
  expect(used).toBeLessThan(estimated);
  await answered(owner, "count to 1");
});

test("an answer counts what the provider has counted, and the name of a new chat an estimate", async () => {
  env.SITE_TOKENS_PER_DAY = "1000000";
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId } = await answered(owner, "count to 30");
  const again = await owner.api.messages.regenerate.mutate({
    chatId,
    messageId: assistantMessageId,
  });
  await (await openStream(owner, again)).rest();
  await untilSettled();
  const used = await budget().usedToday();
  expect(used).toBe((await countedFor(owner)) + nameTokens);
  env.SITE_TOKENS_PER_DAY = String(used);
  expect(await errorOf(send(owner, "count to 1"))).toMatchObject({ limit: "site" });
  env.SITE_TOKENS_PER_DAY = String(used + 1);
  await send(owner, "count to 1");
});

test("a message that is sent again counts once", async () => {
  env.SITE_TOKENS_PER_DAY = "1000000";
  const owner = await callerFor("owner");
  const input = question(endlessQuestion);
  const turns = await Promise.all([1, 2, 3].map(() => owner.api.messages.send.mutate(input)));
  expect(new Set(turns.map(({ streamId }) => streamId)).size).toBe(1);
  expect(await heldTurns()).toBe(1);
  await owner.api.messages.stop.mutate(turns[0] as (typeof turns)[0]);
});

test("without a budget no turn calls its object; with one, a turn calls it at its beginning and its end", async () => {
  const owner = await callerFor("owner");
  const without = chatWith(owner, {});
  await answered(owner, "count to 1", without.chatId);
  env.SITE_TOKENS_PER_DAY = "1000000";
  const budgeted = chatWith(owner, {});
  await answered(owner, "count to 1", budgeted.chatId);
  await untilSettled();
  expect(without.calls).toEqual([]);
  expect(budgeted.calls).toEqual(["take", "settle"]);
});

test("a change that is stored is in force for the next turn", async () => {
  env.SITE_TOKENS_PER_DAY = "1000000";
  const owner = await callerFor("owner");
  await answered(owner, "count to 1");
  await storeSettings({ tokensPerDay: 1 });
  expect(await errorOf(send(owner, "count to 1"))).toMatchObject({ limit: "site" });
  await storeSettings({ tokensPerDay: null });
  await answered(owner, "count to 1");
});

test.each(["fail", "fail-after"] as const)(
  "when the budget cannot be asked (%s) no turn begins, and none counts",
  async (fate) => {
    env.SITE_TOKENS_PER_DAY = "1000000";
    const owner = await callerFor("owner");
    const { chatId } = chatWith(owner, { take: fate });
    const input = question("count to 1", { chatId });
    expect(await errorOf(owner.api.messages.send.mutate(input))).toMatchObject({
      errorCode: "UPSTREAM_FAILED",
      message: "We couldn’t check today’s budget of this site. Try again in a moment.",
    });
    await untilSettled();
    expect(await budget().usedToday()).toBe(0);
    expect(modelTurnsOf(owner.user.id)).toBe(0);
    expect((await owner.api.account.usage.query({})).today.messages.used).toBe(0);
    clearFaults();
    await owner.api.messages.send.mutate(input);
    takeErrors();
  },
);

test("a call of the budget that hangs is given up", async () => {
  await expect(inTime(new Promise(() => undefined), 1)).rejects.toThrow("in time");
  expect(await inTime(Promise.resolve("taken"))).toBe("taken");
});

test.each(["fail", "hang"] as const)(
  "an end that the budget is not told (%s) reaches D1 all the same, and the budget finds its use there",
  async (fate) => {
    env.SITE_TOKENS_PER_DAY = "1000000";
    const owner = await callerFor("owner");
    const { chatId } = chatWith(owner, { settle: fate });
    const { assistantMessageId } = await answered(owner, "count to 30", chatId);
    await expect
      .poll(() => storedMessage(owner, assistantMessageId))
      .toMatchObject({ status: "complete" });
    const first = await countedFor(owner);
    // The chat goes on meanwhile.
    await answered(owner, "count to 3", chatId);
    expect(await heldTurns()).toBe(2);
    expect(await budget().usedToday()).toBeGreaterThan(first + nameTokens);
    await runAlarm();
    expect(await heldTurns()).toBe(0);
    expect(await budget().usedToday()).toBe((await countedFor(owner)) + nameTokens);
  },
);

test("a turn in progress counts by its estimate, whenever the budget asks, until its object has died and ended it", async () => {
  env.SITE_TOKENS_PER_DAY = "1000000";
  const owner = await callerFor("owner");
  const thinking = await ask(owner, endlessThoughts);
  await thinking.stream.next();
  const estimated = await budget().usedToday();
  await runAlarm();
  expect(await heldTurns()).toBe(1);
  expect(await budget().usedToday()).toBe(estimated);
  await crash(owner, thinking.chatId);
  // The next call finds the turn, and ends it. The provider has counted nothing.
  await owner.api.messages.list.query({ chatId: thinking.chatId });
  await untilSettled();
  const used = await budget().usedToday();
  expect(used).toBeGreaterThan(0);
  expect(used).toBeLessThan(estimated);
});

test("a turn that D1 does not know any more keeps its estimate", async () => {
  env.SITE_TOKENS_PER_DAY = "1000000";
  const owner = await callerFor("owner");
  const { chatId } = chatWith(owner, { settle: "fail" });
  await answered(owner, "count to 3", chatId);
  const estimated = await budget().usedToday();
  await owner.api.chats.delete.mutate({ chatId });
  await runAlarm();
  expect(await heldTurns()).toBe(0);
  expect(await budget().usedToday()).toBe(estimated);
});

test("however many turns wait, one alarm asks D1 a bounded number of times, and the next ones go on", async () => {
  const limit = { tokens: Number.MAX_SAFE_INTEGER };
  let left = -1;
  const seen = await countInvocations(() =>
    runInDurableObject(budget(), async (object: SiteBudgetObject, { storage }) => {
      const ledger = new SiteLedger(storage.sql, () => Date.now() - 700_000);
      for (let n = 0; n < 2_345; n += 1) ledger.take(`t${n}`, hold(`t${n}`), limit);
      await object.alarm();
      left = storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM holds").one().n;
    }),
  );
  expect(left).toBe(1_345);
  expect(largest(seen).subrequests).toBe(20);
  await untilSettled();
});

const estimate = { inputTokens: 100, outputTokens: 1_000, extraTokens: 10 };
const answer = { contentShard: 0, userId: "u", messageId: "m", tokensBefore: 0 };
const hold = (turnId: string) => ({ turnId, estimate, answer });
const many = { tokens: 1_000_000 };

test("a turn counts in the day in which it began, and the next day begins with nothing", async () => {
  await inBudget((sql) => {
    let now = Date.UTC(2026, 0, 1, 23, 59);
    const ledger = new SiteLedger(sql, () => now);
    const full = { tokens: 1_110 };
    expect(ledger.take("a", hold("a"), full)).toEqual({ kind: "taken" });
    expect(ledger.take("b", hold("b"), full)).toEqual({
      kind: "refused",
      endsAt: Date.UTC(2026, 0, 2),
    });
    now += 2 * 60_000;
    expect(ledger.usedToday()).toBe(0);
    expect(ledger.take("b", hold("b"), full)).toEqual({ kind: "taken" });
    ledger.settle("a", { inputTokens: 5, outputTokens: 7, writtenBytes: 0 });
    ledger.settle("a", { inputTokens: 5, outputTokens: 7, writtenBytes: 0 });
    expect(ledger.usedToday()).toBe(1_110);
    expect([...sql.exec("SELECT * FROM days")]).toEqual([
      { day: "2026-01-01", tokens: 22 },
      { day: "2026-01-02", tokens: 1_110 },
    ]);
    now += 2 * 24 * 60 * 60_000;
    ledger.settle("b", { writtenBytes: 9 });
    expect([...sql.exec("SELECT * FROM days")]).toEqual([]);
  });
});

test("a run that a restart has replaced counts by its estimate, the last one by its use", async () => {
  await inBudget((sql) => {
    let now = Date.UTC(2026, 0, 1);
    const ledger = new SiteLedger(sql, () => now);
    ledger.take("a", hold("a"), many);
    now += 1;
    ledger.take("a/1", hold("a"), many);
    ledger.take("a/1", hold("a"), many);
    expect(ledger.usedToday()).toBe(2 * 1_110);
    ledger.settle("a", { inputTokens: 3, outputTokens: 4, writtenBytes: 0 });
    expect(ledger.usedToday()).toBe(1_110 + 3 + 4 + 10);
    // One that did not start is given back, once.
    ledger.take("b/1", hold("b"), many);
    ledger.giveBack("b/1");
    ledger.giveBack("b/1");
    expect(ledger.usedToday()).toBe(1_110 + 3 + 4 + 10);
  });
});

test("after a rollback the earlier worker counts in the same object, and this one goes on after it", async () => {
  await inBudget((sql) => {
    for (const table of ["days", "holds", "costDays", "costHolds"]) sql.exec(`DROP TABLE ${table}`);
    // The tables of the worker before limits in money, and what it wrote into them.
    sql.exec(
      "CREATE TABLE days (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    );
    sql.exec(`CREATE TABLE holds (
      countId TEXT PRIMARY KEY, turnId TEXT NOT NULL, day TEXT NOT NULL, takenAt INTEGER NOT NULL,
      checkedAt INTEGER NOT NULL, inputTokens INTEGER NOT NULL, extraTokens INTEGER NOT NULL,
      heldTokens INTEGER NOT NULL, contentShard INTEGER NOT NULL, userId TEXT NOT NULL,
      messageId TEXT NOT NULL, tokensBefore INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
    const day = "2026-01-01";
    const takeAsBefore = (id: string) => {
      const held = [id, id, day, 1, 1, 100, 10, 1_110, 0, "u", "m", 0];
      sql.exec("INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ...held);
      sql.exec(
        `INSERT INTO days VALUES (?, ?)
         ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens`,
        ...[day, 1_110],
      );
    };
    takeAsBefore("a");
    const openLedger = () => new SiteLedger(sql, () => Date.parse(day));
    const cost = { answerNanos: 50, extraNanos: 5 };
    openLedger().take("b", { ...hold("b"), cost }, many);
    openLedger().take("c", { ...hold("c"), cost }, many);
    expect(openLedger().useToday()).toEqual({ tokens: 3 * 1_110, costNanos: 110 });
    takeAsBefore("d");
    sql.exec("DELETE FROM holds WHERE turnId = 'c'");
    const use = { inputTokens: 3, outputTokens: 4, writtenBytes: 0, costNanos: 7 };
    for (const id of ["a", "b", "c", "d"]) openLedger().settle(id, use);
    // What the earlier worker has settled keeps its estimate in money.
    expect(openLedger().useToday()).toEqual({
      tokens: 3 * 17 + 1_110,
      costNanos: 7 + (7 + 5) + 55 + 7,
    });
  });
});
