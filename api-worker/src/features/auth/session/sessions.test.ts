import { env } from "cloudflare:workers";
import { encodeHexLowerCase } from "@oslojs/encoding";
import { createHomeDb } from "db";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous, type Caller, callerAs, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { question } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { listSessionsQuery } from "../queries.ts";

const home = createHomeDb(env.HOME);
const dayMs = 24 * 60 * 60 * 1000;
const cookieName = "__Host-session";
const start = Date.UTC(2026, 10, 1);

beforeEach(() => {
  // Fakes only the clock. Timers must run for I/O to work.
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const meOf = (caller: Caller) => caller.fetch("/trpc/auth.me");
const sessionOf = (caller: Caller) =>
  home.kysely
    .selectFrom("sessions")
    .select(["id", "secretHash", "createdAt", "expiresAt", "lastSeenAt", "userAgent"])
    .where("userId", "=", caller.user.id)
    .executeTakeFirstOrThrow();

test("only the hash of the secret is stored", async () => {
  const caller = await callerFor("owner");
  const [id, secret = ""] = (caller.cookies.get(cookieName) ?? "").split(".");
  const session = await sessionOf(caller);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  expect(session.id).toBe(id);
  expect(session.secretHash).toBe(encodeHexLowerCase(new Uint8Array(digest)));
  expect(JSON.stringify(session)).not.toContain(secret);
});

test("a session lasts 30 days, and not a moment longer", async () => {
  const caller = await callerFor("owner");
  const { expiresAt } = await sessionOf(caller);
  expect(expiresAt).toBe(start + 30 * dayMs);
  vi.setSystemTime(expiresAt);
  const response = await meOf(caller);
  expect(await response.json()).toEqual({ result: { data: null } });
  expect(response.headers.get("set-cookie")).toMatch(/^__Host-session=; Max-Age=0; Path=\//);
  expect(caller.cookies.size).toBe(0);
});

test("at half of its life a session is renewed with its cookie, and not before", async () => {
  const caller = await callerFor("owner");
  const token = caller.cookies.get(cookieName);
  vi.setSystemTime(start + 15 * dayMs);
  expect((await meOf(caller)).headers.get("set-cookie")).toBeNull();
  expect((await sessionOf(caller)).expiresAt).toBe(start + 30 * dayMs);

  const later = start + 15 * dayMs + 1;
  vi.setSystemTime(later);
  expect((await meOf(caller)).headers.get("set-cookie")).toBe(
    `__Host-session=${token}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure`,
  );
  expect((await sessionOf(caller)).expiresAt).toBe(later + 30 * dayMs);
  expect((await meOf(caller)).headers.get("set-cookie")).toBeNull();

  vi.setSystemTime(start + 31 * dayMs);
  expect(await caller.api.auth.me.query()).toMatchObject({ id: caller.user.id });
});

test("a session of an account ends 90 days after its login, however much it is used", async () => {
  const caller = await callerFor("owner");
  const meAt = async (days: number) => {
    vi.setSystemTime(start + days * dayMs);
    const response = await meOf(caller);
    const { result } = await response.json<{ result: { data: object | null } }>();
    return { isKnown: result.data !== null, cookie: response.headers.get("set-cookie") };
  };
  for (let day = 14; day <= 70; day += 14) expect((await meAt(day)).isKnown).toBe(true);
  // The last renewal reaches the end and not beyond; after it there is none.
  expect((await meAt(80)).cookie).toContain(`Max-Age=${10 * 24 * 60 * 60};`);
  expect((await sessionOf(caller)).expiresAt).toBe(start + 90 * dayMs);
  for (const day of [81, 89, 90 - 1 / dayMs]) {
    expect(await meAt(day)).toEqual({ isKnown: true, cookie: null });
  }
  const { isKnown, cookie } = await meAt(90);
  expect(isKnown).toBe(false);
  expect(cookie).toMatch(/^__Host-session=; Max-Age=0;/);
});

test("a session that was renewed beyond its end before there was one ends like any other", async () => {
  const caller = await callerFor("owner");
  await home.kysely
    .updateTable("sessions")
    .set({ expiresAt: start + 400 * dayMs, lastSeenAt: start + 89 * dayMs })
    .where("userId", "=", caller.user.id)
    .execute();
  vi.setSystemTime(start + 90 * dayMs - 1);
  expect(await caller.api.auth.me.query()).not.toBeNull();
  vi.setSystemTime(start + 90 * dayMs);
  expect(await caller.api.auth.me.query()).toBeNull();
});

test("a guest cannot log in again, so the session of one lasts as long as it is used", async () => {
  const guest = anonymous();
  const { id } = await guest.api.auth.startGuest.mutate();
  await guest.api.messages.send.mutate(question("count to 3"));
  for (let day = 20; day <= 400; day += 20) {
    vi.setSystemTime(start + day * dayMs);
    expect((await guest.api.auth.me.query())?.id).toBe(id);
  }
});

test("when a session was last seen is written once an hour", async () => {
  const caller = await callerFor("owner");
  const seenAt = async (time: number) => {
    vi.setSystemTime(time);
    await meOf(caller);
    return (await sessionOf(caller)).lastSeenAt;
  };
  const hour = start + 60 * 60 * 1000;
  expect(await seenAt(hour - 1)).toBe(start);
  expect(await seenAt(hour)).toBe(hour);
  expect(await seenAt(hour + 1)).toBe(hour);
});

test.each([
  ["no token", "rubbish"],
  ["an unknown session", `${"0".repeat(8)}-0000-7000-8000-${"0".repeat(12)}.${"A".repeat(43)}`],
  ["SQL", "' OR 1=1 --.x"],
])("a cookie with %s is anonymous, and is cleared", async (_, value) => {
  const client = anonymous();
  client.cookies.set(cookieName, value);
  expect(await client.api.auth.me.query()).toBeNull();
  expect(client.cookies.size).toBe(0);
});

test("the id of a session is worth nothing without its secret", async () => {
  const [caller, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const { id } = await sessionOf(caller);
  const [, otherSecret] = (other.cookies.get(cookieName) ?? "").split(".");
  caller.cookies.set(cookieName, `${id}.${otherSecret}`);
  expect(await caller.api.auth.me.query()).toBeNull();
});

test("a disabled user is logged out at once", async () => {
  const caller = await callerFor("owner");
  await home.kysely
    .updateTable("users")
    .set({ disabledAt: start })
    .where("id", "=", caller.user.id)
    .execute();
  expect(await caller.api.auth.me.query()).toBeNull();
  expect(caller.cookies.size).toBe(0);
});

test("over HTTPS the plain cookie of local machines counts for nothing", async () => {
  const caller = await callerFor("owner");
  const token = caller.cookies.get(cookieName) ?? "";
  caller.cookies.clear();
  caller.cookies.set("session", token);
  expect(await caller.api.auth.me.query()).toBeNull();
});

test("logging out ends the session, not only the cookie", async () => {
  const caller = await callerFor("owner");
  const token = caller.cookies.get(cookieName) ?? "";
  await caller.api.auth.logOut.mutate();
  expect(caller.cookies.size).toBe(0);
  caller.cookies.set(cookieName, token);
  expect(await caller.api.auth.me.query()).toBeNull();
});

test("a user sees the sessions of every browser, the last used first, and no expired one", async () => {
  const user = await createUser();
  await callerAs(user, { userAgent: "gone" });
  vi.setSystemTime(start + 29 * dayMs);
  const laptop = await callerAs(user, { userAgent: "laptop" });
  vi.setSystemTime(start + 29.5 * dayMs);
  const phone = await callerAs(user, { userAgent: "x".repeat(1000) });
  await callerFor("anotherUser");
  vi.setSystemTime(start + 30 * dayMs);
  const { items } = await laptop.api.auth.sessions.list.query();
  expect(items.map(({ userAgent, isCurrent }) => ({ userAgent, isCurrent }))).toEqual([
    { userAgent: "laptop", isCurrent: true },
    { userAgent: "x".repeat(300), isCurrent: false },
  ]);
  expect(JSON.stringify(items)).not.toContain((await sessionOf(phone)).secretHash);
});

test("a user logs another browser out, and then this one", async () => {
  const user = await createUser();
  const [laptop, phone] = [await callerAs(user), await callerAs(user)];
  const sessionId = (await phone.api.auth.sessions.list.query()).items.find(
    ({ isCurrent }) => isCurrent,
  )?.id;
  if (!sessionId) throw new Error("The phone has no session.");
  await laptop.api.auth.sessions.revoke.mutate({ sessionId });
  expect(await phone.api.auth.me.query()).toBeNull();
  const [own] = (await laptop.api.auth.sessions.list.query()).items;
  await laptop.api.auth.sessions.revoke.mutate({ sessionId: own?.id ?? "" });
  expect(laptop.cookies.size).toBe(0);
  expect(await laptop.api.auth.me.query()).toBeNull();
});

test("another user's session is as unknown as one that is not there, and stays", async () => {
  const [caller, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const { id } = await sessionOf(other);
  const revoke = (sessionId: string) =>
    errorOf(caller.api.auth.sessions.revoke.mutate({ sessionId }));
  const refused = await revoke(id);
  expect(refused.errorCode).toBe("NOT_FOUND");
  expect(refused).toEqual(await revoke(newId()));
  expect(await other.api.auth.me.query()).not.toBeNull();
});

test("a login takes expired sessions of anyone away", async () => {
  const caller = await callerFor("owner");
  vi.setSystemTime(start + 30 * dayMs);
  await callerFor("anotherUser");
  const left = await home.kysely
    .selectFrom("sessions")
    .select("id")
    .where("userId", "=", caller.user.id)
    .execute();
  expect(left).toEqual([]);
});

test("the list of sessions is served by an index, in order", async () => {
  const { sql, parameters } = listSessionsQuery(home, { userId: "u", now: start }).compile();
  const plan = await env.HOME.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...parameters)
    .all<{ detail: string }>();
  expect(plan.results.map(({ detail }) => detail)).toEqual([
    "SEARCH sessions USING INDEX sessionsByUser (userId=?)",
  ]);
});
