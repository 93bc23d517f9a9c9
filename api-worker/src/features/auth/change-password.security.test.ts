import nodeCrypto from "node:crypto";
import { demoPassword } from "db/factories";
import { afterEach, expect, test, vi } from "vitest";
import { anonymous, type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf, type TestClient } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { takeInfos } from "../../../test/logs.ts";
import { programOf } from "../../../test/programs.ts";

const newPassword = "geese over the harbour";
const cookieName = "__Host-session";

/** While hashes are cheap, no password is right. */
const { scryptSync } = nodeCrypto;
let isCheap = false;
vi.spyOn(nodeCrypto, "scryptSync").mockImplementation((...args) =>
  isCheap ? Buffer.alloc(32, 1) : scryptSync(...args),
);
afterEach(() => {
  isCheap = false;
});

const change = (client: TestClient, more: object = {}) =>
  client.api.auth.changePassword.mutate({ currentPassword: demoPassword, newPassword, ...more });
const logIn = (client: TestClient, { user }: Caller, password: string) =>
  client.api.auth.logIn.mutate({ email: user.email ?? "", password });
const isLoggedIn = async ({ api }: TestClient) => (await api.auth.me.query()) !== null;

async function twoBrowsers() {
  const user = await createUser();
  return { laptop: await callerAs(user), phone: await callerAs(user) };
}

test("the new password opens the account, and the old one does not", async () => {
  const owner = await callerFor("owner");
  expect(await change(owner)).toBeNull();
  expect((await errorOf(logIn(anonymous(), owner, demoPassword))).errorCode).toBe(
    "UNAUTHENTICATED",
  );
  expect((await logIn(anonymous(), owner, newPassword)).id).toBe(owner.user.id);
});

test("all other browsers are logged out, this one stays, and tokens stay unless asked", async () => {
  const { laptop, phone } = await twoBrowsers();
  const program = await programOf(laptop, ["chats:read"]);
  await change(laptop);
  expect(await isLoggedIn(laptop)).toBe(true);
  expect(await isLoggedIn(phone)).toBe(false);
  expect((await program.api.chats.list.query({})).items).toEqual([]);

  await change(laptop, {
    currentPassword: newPassword,
    newPassword: "herons under the bridge",
    revokeTokens: true,
  });
  expect(await isLoggedIn(laptop)).toBe(true);
  expect((await errorOf(program.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
});

test("nothing of another user ends", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const program = await programOf(other, ["chats:read"]);
  await change(owner, { revokeTokens: true });
  await owner.api.auth.sessions.revokeAll.mutate();
  expect(await isLoggedIn(other)).toBe(true);
  expect((await program.api.chats.list.query({})).items).toEqual([]);
  expect((await logIn(anonymous(), other, demoPassword)).id).toBe(other.user.id);
});

test("a stolen copy of this browser’s cookie opens nothing afterwards, and does not log it out", async () => {
  const owner = await callerFor("owner");
  const thief = anonymous();
  thief.cookies.set(cookieName, owner.cookies.get(cookieName) ?? "");
  expect(await isLoggedIn(thief)).toBe(true);
  await change(owner);
  const response = await thief.fetch("/trpc/auth.me");
  expect(await response.json()).toEqual({ result: { data: null } });
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(await isLoggedIn(owner)).toBe(true);
});

test("a wrong current password changes nothing and ends nothing", async () => {
  const { laptop, phone } = await twoBrowsers();
  const error = await errorOf(change(laptop, { currentPassword: "not my password" }));
  const message = "This isn’t your current password.";
  expect(error).toEqual({
    errorCode: "INVALID",
    httpStatus: 400,
    message,
    fields: { currentPassword: message },
  });
  expect([await isLoggedIn(laptop), await isLoggedIn(phone)]).toEqual([true, true]);
  expect((await logIn(anonymous(), laptop, demoPassword)).id).toBe(laptop.user.id);
});

test("a stolen session guesses the current password ten times and then waits", async () => {
  const { laptop, phone: thief } = await twoBrowsers();
  isCheap = true;
  const guesses = await Promise.all(
    Array.from({ length: 14 }, () => errorOf(change(thief, { currentPassword: "a guess" }))),
  );
  const refused = guesses.filter(({ errorCode }) => errorCode === "RATE_LIMITED");
  expect(refused.length).toBe(4);
  expect(refused[0]).toMatchObject({ httpStatus: 429, retryAfterSeconds: 60 });
  isCheap = false;
  // The owner is in another session, and a login is not delayed by it either.
  await change(laptop);
  expect((await logIn(anonymous(), laptop, newPassword)).id).toBe(laptop.user.id);
});

test("guesses at the login do not keep the owner from changing the password", async () => {
  const owner = await callerFor("owner");
  isCheap = true;
  for (let index = 0; index < 11; index += 1) await errorOf(logIn(anonymous(), owner, "a guess"));
  isCheap = false;
  expect(await change(owner)).toBeNull();
});

test.each([
  ["too short", "1234567", "Use at least 8 characters."],
  ["too easy", "password", "This password is too easy to guess. Use one that’s harder to guess."],
  ["the old one", demoPassword, "This is your current password. Use another one."],
])(
  "a new password that is %s is refused, and the answer says where",
  async (_, password, message) => {
    const owner = await callerFor("owner");
    const error = await errorOf(change(owner, { newPassword: password }));
    expect(error).toMatchObject({
      errorCode: "INVALID",
      message,
      fields: { newPassword: message },
    });
  },
);

test("the name and the address of the account are too easy", async () => {
  const user = await createUser({ name: "Grace Hopper" });
  const owner = await callerAs(user);
  for (const password of ["grace-hopper-1906", user.email ?? ""]) {
    const error = await errorOf(change(owner, { newPassword: password }));
    expect(error.fields).toHaveProperty("newPassword");
  }
});

test("two changes at once make one password, and the other is told", async () => {
  const { laptop, phone } = await twoBrowsers();
  const passwords = ["geese over the harbour", "herons under the bridge"];
  const outcomes = await Promise.allSettled([
    change(laptop, { newPassword: passwords[0] }),
    change(phone, { newPassword: passwords[1] }),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const opened = await Promise.allSettled(
    passwords.map((password) => logIn(anonymous(), laptop, password)),
  );
  expect(opened.map(({ status }) => status)).toEqual(outcomes.map(({ status }) => status));
});

test("browsers that were known are strangers afterwards, and this one is known", async () => {
  const owner = await callerFor("owner");
  const old = anonymous();
  await logIn(old, owner, demoPassword);
  await change(owner);
  isCheap = true;
  for (let index = 0; index < 11; index += 1) await errorOf(logIn(anonymous(), owner, "a guess"));
  isCheap = false;
  expect((await errorOf(logIn(old, owner, newPassword))).errorCode).toBe("RATE_LIMITED");
  expect((await logIn(owner, owner, newPassword)).id).toBe(owner.user.id);
});

test("a program can neither change the password nor see or end sessions", async () => {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["chats:read", "chats:write", "streams"]);
  const { auth } = program.api;
  const calls = [
    change(program),
    auth.sessions.list.query(),
    auth.sessions.revokeOthers.mutate(),
    auth.sessions.revokeAll.mutate(),
  ];
  for (const call of calls) {
    expect((await errorOf(call)).message).toBe("This can’t be done with an API token.");
  }
  expect(await isLoggedIn(owner)).toBe(true);
});

test("an account without a password has none to give", async () => {
  const owner = await callerAs(await createUser({ passwordHash: null }));
  const error = await errorOf(change(owner));
  expect(error.fields).toEqual({ currentPassword: "This isn’t your current password." });
});

test("all other sessions end, and then everything, tokens too", async () => {
  const { laptop, phone } = await twoBrowsers();
  const program = await programOf(laptop, ["chats:read"]);
  await laptop.api.auth.sessions.revokeOthers.mutate();
  expect([await isLoggedIn(laptop), await isLoggedIn(phone)]).toEqual([true, false]);
  expect((await program.api.chats.list.query({})).items).toEqual([]);
  await laptop.api.auth.sessions.revokeAll.mutate();
  expect(laptop.cookies.has(cookieName)).toBe(false);
  expect((await errorOf(program.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
});

test("what happened is in the log, without a password", async () => {
  const { laptop } = await twoBrowsers();
  takeInfos();
  await errorOf(change(laptop, { currentPassword: "not my password" }));
  await change(laptop);
  await laptop.api.auth.sessions.revokeOthers.mutate();
  await laptop.api.auth.sessions.revokeAll.mutate();
  const lines = takeInfos();
  const accountId = laptop.user.id;
  expect(lines.filter(({ event }) => event?.startsWith("auth."))).toMatchObject([
    { event: "auth.password_change_failed", accountId },
    { event: "auth.password_changed", accountId, sessions: 1, tokens: 0 },
    { event: "auth.sessions_ended", accountId, which: "others" },
    { event: "auth.sessions_ended", accountId, which: "all" },
  ]);
  const text = JSON.stringify(lines);
  for (const secret of [demoPassword, newPassword, "not my password"]) {
    expect(text).not.toContain(secret);
  }
});
