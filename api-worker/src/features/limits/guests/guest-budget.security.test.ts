/** What guests can use together: those of one address, and all of them. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { demoPassword } from "db/factories";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous, type Caller, callerAs } from "../../../../test/callers.ts";
import { type ClientOptions, errorOf } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { setFaults } from "../../../../test/faults.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { modelTurnsOf } from "../../../../test/model-calls.ts";
import { ask, question } from "../../../../test/turns.ts";
import { addressKey } from "../../../contracts/client-address.ts";
import { ownerContext } from "../../../owner-context.ts";
import { newId } from "../../../platform/ids.ts";
import { createLogger } from "../../../platform/log.ts";
import { utcDay } from "../../../platform/utc-day.ts";
import { deleteContent } from "../../deletion/delete-content.ts";
import { guestBudget } from "./guest-budget.ts";

const dayMs = 24 * 60 * 60_000;
const names = [
  ...["GUEST_MESSAGES_PER_DAY", "GUEST_ADDRESS_NEW_PER_DAY", "GUEST_ADDRESS_MESSAGES_PER_DAY"],
  ...["GUEST_ADDRESS_TOKENS_PER_DAY", "ALL_GUESTS_NEW_PER_DAY", "ALL_GUESTS_MESSAGES_PER_DAY"],
  "ALL_GUESTS_TOKENS_PER_DAY",
] as const;
type Name = (typeof names)[number];
const settings = Object.fromEntries(names.map((name) => [name, (env as never)[name]]));
const set = (changed: Partial<Record<Name, string>>) => Object.assign(env, changed);

let day = Date.now();
beforeEach(() => {
  // Each test has a day of its own, in the future, or the platform would run alarms at once.
  day += 2 * dayMs;
  // Fakes only the clock. Timers must run for I/O to work.
  vi.useFakeTimers({ toFake: ["Date"], now: day });
});
afterEach(() => {
  vi.useRealTimers();
  Object.assign(env, settings);
});

const guestAt = async (address: string, options: ClientOptions = {}) =>
  callerAs(await createUser({ email: null, createdAt: Date.now() }), { ...options, address });
const guestsAt = (address: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => guestAt(address)));
const send = ({ api }: Pick<Caller, "api">) => api.messages.send.mutate(question("count to 1"));
const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => "ok",
    (error: { data?: { errorCode?: string } }) => error.data?.errorCode ?? String(error),
  );
const outcomesOf = (calls: readonly Promise<unknown>[]) => Promise.all(calls.map(outcomeOf));
const countOf = (outcomes: readonly string[], outcome: string) =>
  outcomes.filter((one) => one === outcome).length;
const used = (address: string | null, at = Date.now()) =>
  guestBudget(env, utcDay(at)).read(address && addressKey(address));

test("guests of one address have one budget of messages together", async () => {
  set({ GUEST_ADDRESS_MESSAGES_PER_DAY: "10" });
  const address = "192.0.2.10";
  const guests = await guestsAt(address, 12);
  const outcomes = await outcomesOf([...guests, ...guests].map(send));
  expect([countOf(outcomes, "ok"), countOf(outcomes, "RATE_LIMITED")]).toEqual([10, 14]);
  const calls = guests.map(({ user }) => modelTurnsOf(user.id));
  expect(calls.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(10);
  expect(await used(address)).toMatchObject({ messages: 10 });
  const refused = await errorOf(send(await guestAt(address)));
  expect(refused).toMatchObject({
    ...{ errorCode: "RATE_LIMITED", httpStatus: 429, limit: "guests" },
    message:
      "Guests on your network have reached today’s limit. Sign up to keep chatting, or come back after midnight (UTC).",
  });
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(dayMs / 1_000);
  // A refused message is not charged to the guest either.
  const today = await guests[0]?.api.account.usage.query({});
  expect(today?.today.messages.used).toBeLessThanOrEqual(2);
  // It is not the budget of accounts or of other addresses.
  expect(await outcomeOf(send(await callerAs(await createUser(), { address })))).toBe("ok");
  expect(await outcomeOf(send(await guestAt("192.0.2.11")))).toBe("ok");
});

test("a household's addresses of IPv6 are one address", async () => {
  set({ GUEST_ADDRESS_MESSAGES_PER_DAY: "3" });
  const addresses = Array.from({ length: 8 }, (_, index) => `2001:db8:1:1:${index}::1`);
  const guests = await Promise.all(addresses.map((address) => guestAt(address)));
  expect(countOf(await outcomesOf(guests.map(send)), "ok")).toBe(3);
});

test("a hundred addresses use up the budget of all guests, and no more", {
  timeout: 60_000,
}, async () => {
  set({ ALL_GUESTS_MESSAGES_PER_DAY: "30" });
  const guests = await Promise.all(
    Array.from({ length: 100 }, (_, index) => guestAt(`198.51.100.${index}`)),
  );
  const outcomes = await outcomesOf(guests.map(send));
  expect([countOf(outcomes, "ok"), countOf(outcomes, "RATE_LIMITED")]).toEqual([30, 70]);
  expect(await errorOf(send(await guestAt("203.0.113.1")))).toMatchObject({
    limit: "guests",
    message:
      "Our guests have reached today’s limit. Sign up to keep chatting, or come back after midnight (UTC).",
  });
  expect(await used(null)).toMatchObject({ messages: 30 });
  expect(await outcomeOf(send(await callerAs(await createUser())))).toBe("ok");
  // The next day begins anew.
  vi.setSystemTime(day + dayMs);
  expect(await outcomeOf(send(await guestAt("203.0.113.1")))).toBe("ok");
});

test.each([
  ["an address", "GUEST_ADDRESS_TOKENS_PER_DAY", "192.0.2.20"],
  ["all guests", "ALL_GUESTS_TOKENS_PER_DAY", "192.0.2.21"],
] as const)("the tokens of %s are counted together", async (_, name, nextAddress) => {
  set({ [name]: "1" });
  const address = "192.0.2.20";
  const turn = await ask(await guestAt(address), "count to 3");
  await turn.stream.rest();
  await expect.poll(async () => (await used(null)).tokens).toBeGreaterThan(0);
  expect(await used(address)).toEqual({ ...(await used(null)) });
  expect(await errorOf(send(await guestAt(nextAddress)))).toMatchObject({ limit: "guests" });
});

test("a turn that runs past midnight counts on its own day", async () => {
  const address = "192.0.2.30";
  const start = Math.floor(day / dayMs) * dayMs + dayMs - 1_000;
  vi.setSystemTime(start);
  const turn = await ask(await guestAt(address), "count to 60");
  vi.setSystemTime(start + 2_000);
  await turn.stream.rest();
  await expect.poll(async () => (await used(address, start)).tokens).toBeGreaterThan(0);
  expect(await used(address, start)).toMatchObject({ messages: 1 });
  expect(await used(address)).toEqual({ guests: 0, messages: 0, tokens: 0 });
});

test("deleting the chats or the guest gives nothing back", async () => {
  set({ GUEST_ADDRESS_MESSAGES_PER_DAY: "2" });
  const address = "192.0.2.40";
  const guest = await guestAt(address);
  const { stream } = await ask(guest, "count to 1");
  await stream.rest();
  expect(await outcomeOf(send(guest))).toBe("ok");
  await guest.api.chats.deleteAll.mutate();
  expect(await outcomeOf(send(guest))).toBe("RATE_LIMITED");
  const home = createHomeDb(env.HOME);
  const log = createLogger();
  const owner = { userId: guest.user.id, contentShard: guest.user.contentShard };
  await deleteContent(ownerContext({ env, home, log }, owner));
  await guest.api.auth.logOut.mutate();
  expect(await outcomeOf(send(await guestAt(address)))).toBe("RATE_LIMITED");
  expect(await used(address)).toMatchObject({ messages: 2 });
});

test("logging in or signing up gives nothing back to the address", async () => {
  set({ GUEST_ADDRESS_MESSAGES_PER_DAY: "2" });
  const address = "192.0.2.50";
  const known = await createUser();
  const carried = await guestAt(address);
  const upgraded = await guestAt(address);
  expect(await outcomesOf([send(carried), send(upgraded)])).toEqual(["ok", "ok"]);
  await carried.api.auth.logIn.mutate({ email: known.email ?? "", password: demoPassword });
  const account = { email: `${newId()}@example.com`, password: "correct horse" };
  await upgraded.api.auth.signUp.mutate(account);
  // As accounts they have limits of their own.
  expect(await outcomesOf([send(carried), send(upgraded)])).toEqual(["ok", "ok"]);
  expect(await outcomeOf(send(await guestAt(address)))).toBe("RATE_LIMITED");
  expect(await used(address)).toMatchObject({ messages: 2 });
});

test("an answer in progress when its guest becomes an account counts its tokens for the address", async () => {
  const address = "192.0.2.51";
  const known = await createUser();
  const guest = await guestAt(address);
  const turn = await ask(guest, "count to 300");
  await turn.stream.next();
  await guest.api.auth.logIn.mutate({ email: known.email ?? "", password: demoPassword });
  await expect
    .poll(async () => (await used(address)).tokens, { timeout: 10_000 })
    .toBeGreaterThan(0);
  expect(await used(address)).toMatchObject({ messages: 1 });
});

test("a message that is refused or not saved is given back; one that is sent again counts once", async () => {
  const address = "192.0.2.60";
  const guest = await guestAt(address);
  const { send: sendMessage } = guest.api.messages;
  const unknown = { ...question("hello"), parentId: newId() };
  expect(await outcomeOf(sendMessage.mutate(unknown))).toBe("NOT_FOUND");
  const input = question("count to 1");
  let isDone = false;
  setFaults(
    { userId: guest.user.id, chatId: input.chatId },
    {
      decide(step, sql) {
        if (isDone || step !== "d1" || !/insert into "messages"/.test(sql)) return undefined;
        isDone = true;
        return "fail";
      },
    },
  );
  expect(await outcomeOf(sendMessage.mutate(input))).not.toBe("ok");
  takeErrors();
  expect(await used(address)).toMatchObject({ messages: 0 });
  const again = await outcomesOf(Array.from({ length: 4 }, () => sendMessage.mutate(input)));
  expect(again).toEqual(Array(4).fill("ok"));
  expect(await used(address)).toMatchObject({ messages: 1 });
});

test.each([
  ["an address", "GUEST_ADDRESS_NEW_PER_DAY", "192.0.2.70", "192.0.2.70"],
  ["all addresses", "ALL_GUESTS_NEW_PER_DAY", "192.0.2.71", "192.0.2.72"],
] as const)(
  "so many new guests of %s may write in a day",
  async (_, name, address, nextAddress) => {
    set({ [name]: "3" });
    const clients = Array.from({ length: 4 }, () => anonymous({ address }));
    for (const client of clients) await client.api.auth.startGuest.mutate();
    // Each sends twice at once, which creates one guest.
    const outcomes = await outcomesOf([...clients, ...clients].map(send));
    expect([countOf(outcomes, "ok"), countOf(outcomes, "RATE_LIMITED")]).toEqual([6, 2]);
    expect(await used(address)).toMatchObject({ guests: 3, messages: 6 });
    const next = anonymous({ address: nextAddress });
    await next.api.auth.startGuest.mutate();
    expect(await errorOf(send(next))).toMatchObject({ limit: "guests" });
    // No row was made for those that were refused.
    const { results } = await env.HOME.prepare(
      "SELECT id FROM users WHERE isGuest = 1 AND createdAt >= ?",
    )
      .bind(day)
      .all();
    expect(results).toHaveLength(3);
  },
);

test("on a local machine all clients share an address, which has no budget; all guests have", async () => {
  set({ GUEST_ADDRESS_MESSAGES_PER_DAY: "1", ALL_GUESTS_MESSAGES_PER_DAY: "4" });
  const origin = "http://localhost:8787";
  const guests = await Promise.all(
    Array.from({ length: 6 }, () => guestAt("127.0.0.1", { origin })),
  );
  expect(countOf(await outcomesOf(guests.map(send)), "ok")).toBe(4);
});

test("with the settings empty there is no budget", async () => {
  set(Object.fromEntries(names.map((name) => [name, ""])));
  const guests = await guestsAt("192.0.2.80", 5);
  const outcomes = await outcomesOf([...guests, ...guests].map(send));
  expect(outcomes).toEqual(Array(10).fill("ok"));
});

test("the budget knows no address, and deletes everything after the day", async () => {
  const address = "192.0.2.90";
  expect(await outcomeOf(send(await guestAt(address)))).toBe("ok");
  const stub = guestBudget(env, utcDay(day));
  const stored = await runInDurableObject(stub, (_, state) => {
    const tables = ["uses", "turns", "guests", "salts"];
    const rows = tables.flatMap((table) =>
      state.storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
    );
    return JSON.stringify(rows);
  });
  expect(stored).toContain('"messages":1');
  expect(stored).not.toContain(address);
  const alarmAt = await runInDurableObject(stub, (_, state) => state.storage.getAlarm());
  const dayEnd = (Math.floor(day / dayMs) + 1) * dayMs;
  expect(alarmAt).toBe(dayEnd + dayMs);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  const tables = await runInDurableObject(stub, (_, state) =>
    state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'uses'").toArray(),
  );
  expect(tables).toEqual([]);
  // What comes later finds nothing, and leaves nothing.
  await stub.giveBack(newId());
  await stub.addTokens(newId(), 5);
  expect(await stub.read(null)).toEqual({ guests: 0, messages: 0, tokens: 0 });
});
