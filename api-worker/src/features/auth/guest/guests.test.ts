import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { anonymous, callerFor } from "../../../../test/callers.ts";
import { createClient, errorOf, type TestClient } from "../../../../test/client.ts";
import { takeInfos } from "../../../../test/logs.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, question } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { newSessionToken } from "../session/session-token.ts";
import { guestUserId } from "./guest-ticket.ts";

const guestsSetting = env.GUESTS;
afterEach(() => {
  env.GUESTS = guestsSetting;
});

const password = "correct horse";
const newEmail = () => `${newId()}@example.com`;
const chatIdsOf = async ({ api }: TestClient) =>
  (await api.chats.list.query({})).items.map(({ id }) => id).sort();

async function startGuest(options?: Parameters<typeof createClient>[0]) {
  const client = createClient(options);
  const guest = await client.api.auth.startGuest.mutate();
  return { ...client, guest };
}

/** How many rows the home database has for a user: in `users` and in `sessions`. */
async function rowsOf(userId: string) {
  const count = (table: string, column: string) =>
    env.HOME.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`)
      .bind(userId)
      .first<number>("n");
  return { users: await count("users", "id"), sessions: await count("sessions", "userId") };
}

test("a guest starts with no data and no row; the first message makes the row", async () => {
  const client = await startGuest();
  const { guest } = client;
  expect(guest).toEqual({ id: guest.id, email: null, name: null, role: "user", isGuest: true });
  expect(guest.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await client.api.auth.me.query()).toEqual(guest);
  expect(await chatIdsOf(client)).toEqual([]);
  expect((await client.api.models.list.query()).items.length).toBeGreaterThan(0);
  expect(await rowsOf(guest.id)).toEqual({ users: 0, sessions: 0 });

  const cookie = client.cookies.get("__Host-session");
  const { stream, chatId } = await ask(client, "count to 3");
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  expect(await rowsOf(guest.id)).toEqual({ users: 1, sessions: 1 });
  expect(client.cookies.get("__Host-session")).toBe(cookie);
  expect(await client.api.auth.me.query()).toEqual(guest);
  expect(await chatIdsOf(client)).toEqual([chatId]);
  const { items } = await client.api.auth.sessions.list.query();
  expect(items).toMatchObject([{ isCurrent: true }]);
});

test("a guest's cookie is kept from scripts and from plain HTTP, like any other", async () => {
  const response = await anonymous().fetch("/trpc/auth.startGuest", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  expect(response.headers.get("set-cookie")).toMatch(
    /^__Host-session=guest_[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  );
});

test("first messages that are sent at once make one guest", async () => {
  const client = await startGuest();
  const sent = await Promise.all(
    [1, 2, 3].map(() => client.api.messages.send.mutate(question("count to 3"))),
  );
  expect(await chatIdsOf(client)).toEqual(sent.map(({ chatId }) => chatId).sort());
  expect(await rowsOf(client.guest.id)).toEqual({ users: 1, sessions: 1 });
});

test("two guests have nothing in common, and neither has what belongs to accounts", async () => {
  const [first, second] = [await startGuest(), await startGuest()];
  expect(first.guest.id).not.toBe(second.guest.id);
  const { chatId } = await first.api.messages.send.mutate(question("count to 3"));
  expect(await chatIdsOf(second)).toEqual([]);
  expect(await errorOf(second.api.chats.get.query({ chatId }))).toMatchObject({
    errorCode: "NOT_FOUND",
  });
  const input = { name: "x", scopes: ["streams" as const], expiresInDays: 1 };
  expect(await errorOf(first.api.account.tokens.create.mutate(input))).toMatchObject({
    errorCode: "FORBIDDEN",
  });
});

test("an existing session is kept", async () => {
  const client = await startGuest();
  expect(await client.api.auth.startGuest.mutate()).toEqual(client.guest);
  const email = newEmail();
  const account = await client.api.auth.signUp.mutate({ email, password });
  expect(await client.api.auth.startGuest.mutate()).toEqual(account);
});

test("a guest who logs out is gone from the browser, and the old cookie opens nothing", async () => {
  const client = await startGuest();
  await client.api.messages.send.mutate(question("count to 3"));
  const cookie = client.cookies.get("__Host-session") ?? "";
  await client.api.auth.logOut.mutate();
  expect(client.cookies.size).toBe(0);
  expect(await client.api.auth.me.query()).toBeNull();
  client.cookies.set("__Host-session", cookie);
  expect(await client.api.auth.me.query()).toBeNull();
  client.cookies.set("__Host-session", cookie);
  expect(await errorOf(client.api.messages.send.mutate(question("count to 3")))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
});

test("with a wrong secret a guest's cookie is another guest's", async () => {
  const client = await startGuest();
  await client.api.messages.send.mutate(question("count to 3"));
  const [head = ""] = (client.cookies.get("__Host-session") ?? "").split(".");
  const { secret } = newSessionToken();
  client.cookies.set("__Host-session", `${head}.${secret}`);
  expect((await client.api.auth.me.query())?.id).not.toBe(client.guest.id);
  expect(await chatIdsOf(client)).toEqual([]);
  // A session with this id exists and has another secret, so it cannot be taken over.
  expect(await errorOf(client.api.messages.send.mutate(question("count to 3")))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
});

test("where the operator wants no guests none can start, and none becomes one; those who are there stay", async () => {
  const [kept, idle] = [await startGuest(), await startGuest()];
  await kept.api.messages.send.mutate(question("count to 3"));
  expect(await anonymous().api.auth.options.query()).toEqual({ canStartGuest: true });
  env.GUESTS = "off";
  expect(await anonymous().api.auth.options.query()).toEqual({ canStartGuest: false });
  expect(await errorOf(anonymous().api.auth.startGuest.mutate())).toEqual({
    errorCode: "FORBIDDEN",
    httpStatus: 403,
    message: "Guest access is turned off. Sign up or log in.",
  });
  expect(await errorOf(idle.api.messages.send.mutate(question("count to 3")))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
  expect(await idle.api.auth.me.query()).toBeNull();
  expect(await kept.api.auth.me.query()).toEqual(kept.guest);
});

test("one client starts so many guests, and makes so many rows, in a minute", async () => {
  const address = "203.0.113.200";
  // The platform counts in windows of a minute: within twice the limit one must be refused.
  const untilRefused = async (call: () => Promise<unknown>) => {
    for (let count = 1; count <= 21; count += 1) {
      const isRefused = await call().then(
        () => false,
        () => true,
      );
      if (isRefused) return count;
    }
    return Number.POSITIVE_INFINITY;
  };
  const starts = await untilRefused(() => anonymous({ address }).api.auth.startGuest.mutate());
  expect(starts).toBeGreaterThan(10);
  expect(starts).toBeLessThan(22);
  const rows = await untilRefused(async () => {
    const client = anonymous({ address });
    const token = newSessionToken();
    client.cookies.set("__Host-session", `guest_${token.id}.${token.secret}`);
    await client.api.messages.send.mutate(question("count to 1"));
  });
  expect(rows).toBeGreaterThan(10);
  expect(rows).toBeLessThan(22);
});

test("a guest with 3 chats, one in mid-answer, signs up: all are in the account, the answer completes, the guest is gone", async () => {
  const client = await startGuest();
  for (const _ of [1, 2]) await (await ask(client, "count to 3")).stream.rest();
  const live = await ask(client, "count to 300");
  await live.stream.next();
  const chatIds = await chatIdsOf(client);
  const ticket = client.cookies.get("__Host-session") ?? "";

  const email = newEmail();
  const account = await client.api.auth.signUp.mutate({ email, password, name: "Ada" });
  expect(account).toMatchObject({ email, name: "Ada", isGuest: false });
  expect(await chatIdsOf(client)).toEqual(chatIds);
  expect(chatIds).toHaveLength(3);

  // A reader that the move disconnects comes back, as a browser does, and a new one can still read.
  const { chatId, streamId } = live;
  const seen = chunksOf(await live.stream.rest());
  if (!endOf(seen)) {
    seen.push(...chunksOf(await (await openStream(client, { chatId, streamId })).rest()));
  }
  expect(endOf(seen)).toMatchObject({ status: "complete" });
  const fresh = await openStream(client, { chatId, streamId });
  expect(endOf(chunksOf(await fresh.rest()))).toMatchObject({ status: "complete" });
  const elsewhere = anonymous();
  expect(await elsewhere.api.auth.logIn.mutate({ email, password })).toEqual(account);
  expect(await chatIdsOf(elsewhere)).toEqual(chatIds);

  // The guest is gone, and the guest's cookie opens nothing.
  const guests = await env.HOME.prepare("SELECT id FROM users WHERE id = ? AND isGuest = 1")
    .bind(client.guest.id)
    .all();
  expect(guests.results).toEqual([]);
  const old = anonymous();
  old.cookies.set("__Host-session", ticket);
  expect(await old.api.auth.me.query()).toBeNull();
});

test("a guest without a message signs up, too", async () => {
  const client = await startGuest();
  const account = await client.api.auth.signUp.mutate({ email: newEmail(), password });
  expect(await client.api.auth.me.query()).toEqual(account);
});

test("a guest whose sign-up is refused keeps session and chats", async () => {
  const email = newEmail();
  await anonymous().api.auth.signUp.mutate({ email, password });
  const client = await startGuest();
  const { chatId } = await client.api.messages.send.mutate(question("count to 3"));
  const refused = client.api.auth.signUp.mutate({ email, password: "another one" });
  expect(await errorOf(refused)).toMatchObject({ errorCode: "INVALID" });
  expect(await client.api.auth.me.query()).toEqual(client.guest);
  expect(await chatIdsOf(client)).toEqual([chatId]);
});

test("the id of an existing user gives no ticket", async () => {
  const user = await callerFor("owner");
  const token = { ...newSessionToken(), id: user.user.id };
  expect(guestUserId(token)).not.toBe(user.user.id);
  const client = anonymous();
  client.cookies.set("__Host-session", `guest_${token.id}.${token.secret}`);
  await client.api.messages.send.mutate(question("count to 1"));
  expect((await client.api.auth.me.query())?.id).toBe(guestUserId(token));
  expect(await chatIdsOf(user)).toEqual([]);
  expect(
    takeInfos()
      .map(({ text }) => text)
      .join(),
  ).not.toContain(token.secret);
});
