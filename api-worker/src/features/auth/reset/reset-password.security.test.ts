import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { demoPassword } from "db/factories";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerAs } from "../../../../test/callers.ts";
import { errorOf, type TestClient } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { takeInfos } from "../../../../test/logs.ts";
import { programOf } from "../../../../test/programs.ts";
import { formatSessionToken, hashSecret, newSessionToken } from "../session/session-token.ts";

const newPassword = "geese over the harbour";
const hourMs = 60 * 60 * 1000;

interface Account extends Caller {
  readonly email: string;
}

async function account(): Promise<Account> {
  const user = await createUser();
  return { ...(await callerAs(user)), email: user.email ?? "" };
}

/** Makes a link as `pnpm user:reset` does, and returns its token. */
async function linkFor({ user }: Pick<Caller, "user">, lifeMs = hourMs): Promise<string> {
  const token = newSessionToken();
  const now = Date.now();
  const row = {
    userId: user.id,
    id: token.id,
    secretHash: hashSecret(token.secret),
    createdAt: now,
    expiresAt: now + lifeMs,
  };
  await createHomeDb(env.HOME).kysely.replaceInto("passwordResets").values(row).execute();
  return formatSessionToken(token);
}

const reset = (client: TestClient, token: string, more: object = {}) =>
  client.api.auth.resetPassword.mutate({ token, newPassword, ...more });
const logIn = (client: TestClient, email: string, password: string) =>
  client.api.auth.logIn.mutate({ email, password });
const isLoggedIn = async ({ api }: TestClient) => (await api.auth.me.query()) !== null;

const badLink = {
  errorCode: "INVALID",
  httpStatus: 400,
  message:
    "This link doesn’t work anymore. Links for a new password work once and expire: ask your administrator for another one.",
};

test("the link sets the password and logs in, and every other browser is logged out", async () => {
  const owner = await account();
  const browser = anonymous();
  expect((await reset(browser, await linkFor(owner))).id).toBe(owner.user.id);
  expect([await isLoggedIn(browser), await isLoggedIn(owner)]).toEqual([true, false]);
  const old = await errorOf(logIn(anonymous(), owner.email, demoPassword));
  expect(old.errorCode).toBe("UNAUTHENTICATED");
  expect((await logIn(anonymous(), owner.email, newPassword)).id).toBe(owner.user.id);
});

test("it works once, also when two requests use it at the same time", async () => {
  const owner = await account();
  const token = await linkFor(owner);
  const outcomes = await Promise.allSettled(
    ["geese over the harbour", "herons under the bridge"].map((password) =>
      reset(anonymous(), token, { newPassword: password }),
    ),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await errorOf(reset(anonymous(), token))).toEqual(badLink);
});

test("all that is wrong with a link is refused with the same words", async () => {
  const owner = await account();
  const expired = await linkFor(owner, -1);
  expect(await errorOf(reset(anonymous(), expired))).toEqual(badLink);
  const replaced = await linkFor(owner);
  const good = await linkFor(owner);
  const disabled = await callerAs(await createUser({ disabledAt: 1 }));
  const wrongSecret = formatSessionToken({
    id: good.slice(0, good.indexOf(".")),
    secret: newSessionToken().secret,
  });
  const invented = formatSessionToken(newSessionToken());
  const links = [replaced, wrongSecret, invented, await linkFor(disabled), "", "a.b", owner.email];
  for (const link of links) {
    expect(await errorOf(reset(anonymous(), link))).toEqual(badLink);
  }
  // None of these used up the good one, nor changed anything.
  expect(await isLoggedIn(owner)).toBe(true);
  expect((await reset(anonymous(), good)).id).toBe(owner.user.id);
});

test("a weak password is refused in its field, and the link stays good", async () => {
  const owner = await account();
  const token = await linkFor(owner);
  for (const password of ["1234567", "password", owner.email]) {
    const error = await errorOf(reset(anonymous(), token, { newPassword: password }));
    expect(error).toMatchObject({
      errorCode: "INVALID",
      fields: { newPassword: expect.any(String) },
    });
  }
  await reset(anonymous(), token);
});

test("API tokens stay, and end when the user asks for it", async () => {
  const owner = await account();
  const program = await programOf(owner, ["chats:read"]);
  await reset(anonymous(), await linkFor(owner));
  expect((await program.api.chats.list.query({})).items).toEqual([]);
  await reset(anonymous(), await linkFor(owner), { revokeTokens: true });
  expect((await errorOf(program.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
});

test("after too many failed logins the link still lets its user in, and the browser is known", async () => {
  const owner = await account();
  const guesses = Array.from({ length: 11 }, () =>
    errorOf(logIn(anonymous(), owner.email, "a guess")),
  );
  await Promise.all(guesses);
  const browser = anonymous();
  await reset(browser, await linkFor(owner));
  expect((await errorOf(logIn(anonymous(), owner.email, newPassword))).errorCode).toBe(
    "RATE_LIMITED",
  );
  expect((await logIn(browser, owner.email, newPassword)).id).toBe(owner.user.id);
});

test("tries are limited by the client’s address, like logins", async () => {
  const client = anonymous();
  const tries = await Promise.all(
    Array.from({ length: 70 }, () => errorOf(reset(client, "no link"))),
  );
  const refused = tries.filter(({ errorCode }) => errorCode === "RATE_LIMITED");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ httpStatus: 429, retryAfterSeconds: 60 });
});

test("what happened is in the log, without the link or the password", async () => {
  const owner = await account();
  const token = await linkFor(owner);
  takeInfos();
  await reset(anonymous(), token);
  await errorOf(reset(anonymous(), token));
  const lines = takeInfos();
  const accountId = owner.user.id;
  expect(lines.filter(({ event }) => event?.startsWith("auth."))).toMatchObject([
    { event: "auth.password_reset", accountId, sessions: 1, tokens: 0 },
    { event: "auth.logged_in", newSessionId: expect.any(String) },
    { event: "auth.reset_refused", accountId: null },
  ]);
  const text = JSON.stringify(lines);
  for (const secret of [newPassword, token, token.slice(token.indexOf(".") + 1)]) {
    expect(text).not.toContain(secret);
  }
});
