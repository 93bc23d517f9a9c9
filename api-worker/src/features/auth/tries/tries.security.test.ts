import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { demoPassword } from "db/factories";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous } from "../../../../test/callers.ts";
import { errorOf, type TestClient } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { takeInfos } from "../../../../test/logs.ts";
import { newId } from "../../../platform/ids.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Not in the past, or the platform would run each object's alarm at once. */
const start = Date.now();

/** Counts hashes. While they are cheap, no password is right. */
const { scryptSync } = nodeCrypto;
let isCheap = false;
const scrypt = vi
  .spyOn(nodeCrypto, "scryptSync")
  .mockImplementation((...args) => (isCheap ? Buffer.alloc(32, 1) : scryptSync(...args)));

beforeEach(() => {
  // Fakes only the clock. Timers must run for I/O to work.
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  scrypt.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  isCheap = false;
});

const wrong = "wrong password";
const newEmail = () => `${newId()}@example.com`;
const accountOf = async () => {
  const { email, id } = await createUser();
  return { id, email: email ?? "" };
};

const logIn = (client: TestClient, email: string, password: string) =>
  client.api.auth.logIn.mutate({ email, password });
const fail = (email: string, client = anonymous()) => errorOf(logIn(client, email, wrong));
const failTimes = async (count: number, email: string, client?: TestClient) => {
  for (let index = 0; index < count; index += 1) await fail(email, client);
};

/** A browser that has logged in to the account, and out again. */
async function knownBrowser(email: string, address?: string): Promise<TestClient> {
  const client = anonymous(address === undefined ? {} : { address });
  await logIn(client, email, demoPassword);
  await client.api.auth.logOut.mutate();
  return client;
}

/** Guesses as often as is allowed until the time is over. */
async function guessFor(durationMs: number, guess: () => ReturnType<typeof errorOf>) {
  let guesses = 0;
  const waits: number[] = [];
  while (Date.now() < start + durationMs) {
    const { errorCode, retryAfterSeconds = 0 } = await guess();
    if (errorCode === "RATE_LIMITED") {
      waits.push(retryAfterSeconds / 60);
      vi.setSystemTime(Date.now() + retryAfterSeconds * 1000);
    } else guesses += 1;
  }
  return { guesses, waits };
}

test("a guesser with as many addresses as it likes has 16 guesses in an hour, and waits longer each time", async () => {
  isCheap = true;
  const { email } = await accountOf();
  const { guesses, waits } = await guessFor(hourMs, () => fail(email));
  expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
  expect(guesses).toBe(16);
  expect(scrypt.mock.calls.length).toBe(guesses);
});

test("a guesser has at most 110 guesses at an account in a day", async () => {
  isCheap = true;
  const email = newEmail();
  const { guesses } = await guessFor(24 * hourMs, () => fail(email));
  expect(guesses).toBeLessThan(110);
});

test("one address has 50 guesses at many accounts in an hour", async () => {
  isCheap = true;
  const client = anonymous();
  const { guesses } = await guessFor(hourMs, () => fail(newEmail(), client));
  expect(guesses).toBeLessThan(50);
  expect((await fail(newEmail())).errorCode).toBe("UNAUTHENTICATED");
});

test("guesses that arrive together count before any of them is looked at", async () => {
  isCheap = true;
  const { email } = await accountOf();
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => fail(email)));
  const refused = outcomes.filter(({ errorCode }) => errorCode === "RATE_LIMITED");
  expect(refused.length).toBe(30);
  expect(scrypt.mock.calls.length).toBe(10);
});

test("others cannot lock out a browser in which the owner has logged in before", async () => {
  const { email, id } = await accountOf();
  const owner = await knownBrowser(email);
  isCheap = true;
  await failTimes(40, email);
  isCheap = false;
  expect((await fail(email)).errorCode).toBe("RATE_LIMITED");
  expect((await logIn(owner, email, demoPassword)).id).toBe(id);
});

test("nor by guessing from the owner’s own network", async () => {
  const { email, id } = await accountOf();
  const address = "203.0.113.77";
  const owner = await knownBrowser(email, address);
  isCheap = true;
  for (let index = 0; index < 20; index += 1) await fail(newEmail(), anonymous({ address }));
  expect((await fail(newEmail(), anonymous({ address }))).errorCode).toBe("RATE_LIMITED");
  isCheap = false;
  expect((await logIn(owner, email, demoPassword)).id).toBe(id);
});

test("nine wrong tries by others do not delay the owner, in any browser", async () => {
  const { email, id } = await accountOf();
  isCheap = true;
  await failTimes(9, email);
  isCheap = false;
  expect((await logIn(anonymous(), email, demoPassword)).id).toBe(id);
});

test("a known browser has its own failures, and its own wait", async () => {
  const { email, id } = await accountOf();
  const owner = await knownBrowser(email);
  isCheap = true;
  await failTimes(10, email, owner);
  expect(await fail(email, owner)).toMatchObject({
    errorCode: "RATE_LIMITED",
    retryAfterSeconds: 60,
  });
  expect((await fail(email)).errorCode).toBe("UNAUTHENTICATED");
  isCheap = false;
  vi.setSystemTime(Date.now() + minuteMs);
  expect((await logIn(owner, email, demoPassword)).id).toBe(id);
});

test("being known to one account helps with no other", async () => {
  const [mine, other] = [await accountOf(), await accountOf()];
  const client = await knownBrowser(mine.email);
  isCheap = true;
  await failTimes(10, other.email);
  expect((await fail(other.email, client)).errorCode).toBe("RATE_LIMITED");
});

test("a made-up secret of a browser helps with no account", async () => {
  const { email } = await accountOf();
  isCheap = true;
  await failTimes(10, email);
  for (const secret of ["x".repeat(43), "A", "' OR 1=1 --"]) {
    const client = anonymous();
    client.cookies.set("__Host-browser", secret);
    expect((await fail(email, client)).errorCode).toBe("RATE_LIMITED");
  }
});

test("a right login clears the failures of its own browser, and not those of strangers", async () => {
  const { email } = await accountOf();
  const owner = await knownBrowser(email);
  isCheap = true;
  await failTimes(10, email);
  await failTimes(9, email, owner);
  isCheap = false;
  await logIn(owner, email, demoPassword);
  isCheap = true;
  expect((await fail(email)).errorCode).toBe("RATE_LIMITED");
  await failTimes(9, email, owner);
  expect((await fail(email, owner)).errorCode).toBe("UNAUTHENTICATED");
});

test("right logins never count, from one address and together", async () => {
  const { email, id } = await accountOf();
  const address = "203.0.113.78";
  for (let index = 0; index < 11; index += 1) {
    expect((await logIn(anonymous({ address }), email, demoPassword)).id).toBe(id);
  }
  const together = Array.from({ length: 10 }, () => logIn(anonymous(), email, demoPassword));
  expect((await Promise.all(together)).every((viewer) => viewer.id === id)).toBe(true);
});

test("a refused try does not make the wait longer", async () => {
  isCheap = true;
  const email = newEmail();
  await failTimes(10, email);
  vi.setSystemTime(start + minuteMs - 1);
  await failTimes(5, email);
  vi.setSystemTime(start + minuteMs);
  expect((await fail(email)).errorCode).toBe("UNAUTHENTICATED");
  expect((await fail(email)).retryAfterSeconds).toBe(120);
});

test("an unknown address, one without a password and a disabled one are delayed alike", async () => {
  isCheap = true;
  const emails = [
    newEmail(),
    (await createUser()).email ?? "",
    (await createUser({ passwordHash: null })).email ?? "",
    (await createUser({ disabledAt: 1 })).email ?? "",
  ];
  const seen = [];
  for (const email of emails) {
    const answers = [];
    for (let index = 0; index < 12; index += 1) answers.push(await fail(email));
    seen.push(answers);
  }
  for (const answers of seen) expect(answers).toEqual(seen[0]);
});

test("a sign-up is delayed together with logins", async () => {
  isCheap = true;
  const { email } = await accountOf();
  const signUp = () => errorOf(anonymous().api.auth.signUp.mutate({ email, password: wrong }));
  for (let index = 0; index < 5; index += 1) {
    await signUp();
    await fail(email);
  }
  expect((await signUp()).errorCode).toBe("RATE_LIMITED");
  expect((await fail(email)).errorCode).toBe("RATE_LIMITED");
});

test("the secret of a browser stays after a logout, is hidden from scripts, and differs in each", async () => {
  const { email } = await accountOf();
  const [first, second] = [anonymous(), anonymous()];
  const response = await first.fetch("/trpc/auth.logIn", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: demoPassword }),
  });
  const [session, browser, ...more] = response.headers.getSetCookie();
  expect(session).toMatch(/^__Host-session=/);
  expect(browser).toMatch(
    /^__Host-browser=[A-Za-z0-9_-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  );
  expect(more).toEqual([]);
  const secret = first.cookies.get("__Host-browser");
  await first.api.auth.logOut.mutate();
  expect([...first.cookies]).toEqual([["__Host-browser", secret]]);
  await logIn(second, email, demoPassword);
  expect(second.cookies.get("__Host-browser")).not.toBe(secret);
  await fail(email, anonymous());
});

test("a failed login leaves no secret in the browser", async () => {
  const client = anonymous();
  await fail(newEmail(), client);
  expect(client.cookies.size).toBe(0);
});

test("what was counted of an address without an account is gone a day later", async () => {
  isCheap = true;
  const email = newEmail();
  await failTimes(3, email);
  const stub = env.SIGN_IN.get(env.SIGN_IN.idFromName(`account ${sha256Hex(email)}`));
  const tables = () =>
    runInDurableObject(stub, (_, { storage }) =>
      storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name IN ('buckets', 'browsers')")
        .toArray(),
    );
  expect((await tables()).length).toBe(2);
  vi.setSystemTime(start + 24 * hourMs);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await tables()).toEqual([]);
  expect((await fail(email)).errorCode).toBe("UNAUTHENTICATED");
});

test("logins are in the log with the account and the address, without an email address", async () => {
  const { email, id } = await accountOf();
  const address = "2001:db8:7:7::1";
  const client = anonymous({ address });
  takeInfos();
  await logIn(client, email, demoPassword);
  await fail(email, client);
  await fail(newEmail(), client);
  const events = takeInfos().filter(({ event }) => event?.startsWith("auth."));
  const from = { address: "2001:db8:7:7::/64", level: "info" };
  expect(events).toMatchObject([
    { event: "auth.logged_in", accountId: id, ...from },
    { event: "auth.login_failed", accountId: id, ...from },
    { event: "auth.login_failed", accountId: null, ...from },
  ]);
  expect(JSON.stringify(events)).not.toContain("@");
});

test("a delayed try is in the log", async () => {
  isCheap = true;
  const { email, id } = await accountOf();
  await failTimes(10, email);
  takeInfos();
  await fail(email);
  const events = takeInfos().filter(({ event }) => event?.startsWith("auth."));
  expect(events).toMatchObject([{ event: "auth.login_delayed", accountId: id, waitMs: 60_000 }]);
});
