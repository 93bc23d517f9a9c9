/** Accounts by invitation: each link makes as many accounts as it says, for whom and as long as it says. */
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf, type TestClient } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { storeSettings } from "../../../../test/site-settings.ts";
import { newId } from "../../../platform/ids.ts";
import { insertAccount } from "../queries.ts";

const { SIGNUP } = env;
beforeEach(() => {
  env.SIGNUP = "invite";
});
afterEach(async () => {
  Object.assign(env, { SIGNUP });
  await storeSettings({});
});

const home = createHomeDb(env.HOME);
const password = "correct horse";
const someAddress = () => `${newId()}@example.com`;
const signUp = (invite?: string, email = someAddress(), client: TestClient = anonymous()) =>
  client.api.auth.signUp.mutate({ email, password, ...(invite !== undefined && { invite }) });
const usersWith = (email: string) =>
  env.HOME.prepare("SELECT count(*) AS n FROM users WHERE email = ?").bind(email).first("n");
const inviteRow = (id: string) =>
  home.kysely.selectFrom("invites").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const setInvite = (id: string, change: { expiresAt: number }) =>
  home.kysely.updateTable("invites").set(change).where("id", "=", id).execute();
type CreateInput = Parameters<Caller["api"]["admin"]["invites"]["create"]["mutate"]>[0];

async function invite(input: CreateInput = {}, admin?: Caller) {
  const { api } = admin ?? (await callerFor("admin"));
  return api.admin.invites.create.mutate(input);
}

const refusal = {
  errorCode: "INVALID",
  httpStatus: 400,
  message:
    "This invitation doesn’t work for this address, or not anymore. Ask an administrator for another one.",
};

test("without an invitation no account begins, taken address or not, and pages know it", async () => {
  const byInvite = {
    errorCode: "FORBIDDEN",
    httpStatus: 403,
    message: "Sign-up is by invitation. Ask an administrator for an invitation link.",
  };
  const email = someAddress();
  expect(await errorOf(signUp(undefined, email))).toEqual(byInvite);
  expect(await errorOf(signUp(undefined, (await createUser()).email ?? ""))).toEqual(byInvite);
  expect(await usersWith(email)).toBe(0);
  // Pages that know no invitations show that no one can sign up.
  expect(await anonymous().api.auth.options.query()).toMatchObject({
    signUp: { mode: "off", domains: [], isByInvite: true },
  });
});

test("an invitation makes as many accounts as it says, of users, and its maker sees how many", async () => {
  const admin = await callerFor("admin");
  const { inviteId, token } = await invite({ maxUses: 2 }, admin);
  for (const uses of [1, 2]) {
    expect(await signUp(token)).toMatchObject({ role: "user", isGuest: false });
    expect(await inviteRow(inviteId)).toMatchObject({ uses });
  }
  const email = someAddress();
  expect(await errorOf(signUp(token, email))).toEqual(refusal);
  expect(await usersWith(email)).toBe(0);
  const { items, isNeeded } = await admin.api.admin.invites.list.query({});
  expect(isNeeded).toBe(true);
  expect(items.find(({ id }) => id === inviteId)).toEqual({
    ...{ id: inviteId, email: null, maxUses: 2, uses: 2, revokedAt: null },
    ...{ createdAt: expect.any(Number), expiresAt: expect.any(Number) },
    createdBy: { id: admin.user.id, email: admin.user.email, name: null },
  });
});

test("an invitation that is unknown, wrong, revoked, expired or another's gets one answer", async () => {
  const admin = await callerFor("admin");
  const [wrong, other] = [await invite({}, admin), await invite({}, admin)];
  const mixed = `${wrong.inviteId}.${other.token.split(".")[1]}`;
  const revoked = await invite({}, admin);
  await admin.api.admin.invites.revoke.mutate({ inviteId: revoked.inviteId });
  const expired = await invite({}, admin);
  await setInvite(expired.inviteId, { expiresAt: Date.now() - 1 });
  const bound = await invite({ email: someAddress() }, admin);
  const unknown = `${newId()}.${other.token.split(".")[1]}`;
  for (const token of ["x", unknown, mixed, revoked.token, expired.token, bound.token]) {
    const email = someAddress();
    expect(await errorOf(signUp(token, email))).toEqual(refusal);
    expect(await usersWith(email)).toBe(0);
  }
});

test("an invitation for an address works for it alone, however it is written", async () => {
  const email = someAddress();
  const { token } = await invite({ email: email.toUpperCase() });
  expect(await errorOf(signUp(token))).toEqual(refusal);
  expect(await signUp(token, ` ${email} `)).toMatchObject({ email });
});

test("ten sign-ups at once with an invitation for one make one account", async () => {
  const { inviteId, token } = await invite({ maxUses: 1 });
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => signUp(token)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await inviteRow(inviteId)).toMatchObject({ uses: 1 });
});

test("an invitation that is revoked between the check and the account makes none", async () => {
  const admin = await callerFor("admin");
  const { inviteId } = await invite({}, admin);
  await admin.api.admin.invites.revoke.mutate({ inviteId });
  const email = someAddress();
  const account = {
    ...{ id: newId(), email, passwordHash: "hash", name: null, role: "user" as const },
    ...{ isGuest: 0 as const, contentShard: 0, emailVerifiedAt: null, disabledAt: null },
    createdAt: Date.now(),
  };
  const use = { inviteId, email, now: Date.now() };
  expect(await insertAccount(home, account, use)).toBe(false);
  expect(await usersWith(email)).toBe(0);
  expect(await insertAccount(home, account, null)).toBe(true);
  expect(await inviteRow(inviteId)).toMatchObject({ uses: 0 });
});

test("a guest needs an invitation too, and keeps the chats and the id with it", async () => {
  const guest = anonymous();
  const { id } = await guest.api.auth.startGuest.mutate();
  expect(await errorOf(signUp(undefined, someAddress(), guest))).toMatchObject({
    errorCode: "FORBIDDEN",
  });
  expect(await guest.api.auth.me.query()).toMatchObject({ id, isGuest: true });
  const { inviteId, token } = await invite();
  expect(await signUp(token, someAddress(), guest)).toMatchObject({ id, isGuest: false });
  expect(await inviteRow(inviteId)).toMatchObject({ uses: 1 });
});

test("an account that exists logs in with its password, and uses no invitation up", async () => {
  const first = await invite();
  const email = someAddress();
  await signUp(first.token, email);
  const { inviteId, token } = await invite();
  expect(await signUp(token, email)).toMatchObject({ email });
  const wrong = anonymous().api.auth.signUp.mutate({
    ...{ email, password: "another password", invite: token },
  });
  expect(await errorOf(wrong)).toMatchObject({
    message: expect.stringContaining("If you already have one, log in."),
  });
  expect(await inviteRow(inviteId)).toMatchObject({ uses: 0 });
});

test("an invitation opens nothing that is off, and is not needed where anyone can sign up", async () => {
  const { inviteId, token } = await invite();
  await storeSettings({ signUp: "off" });
  expect(await errorOf(signUp(token))).toMatchObject({ errorCode: "FORBIDDEN" });
  await storeSettings({ signUp: "open" });
  await signUp(token);
  await signUp();
  expect(await inviteRow(inviteId)).toMatchObject({ uses: 0 });
});

test("the secret is in the link alone, and the audit log has each change once", async () => {
  const admin = await callerFor("admin");
  const { inviteId, token } = await invite({ maxUses: 3, reason: "New colleagues" }, admin);
  const { revoke, list } = admin.api.admin.invites;
  const secret = token.split(".")[1] ?? "";
  expect(secret).toHaveLength(43);
  expect(JSON.stringify(await inviteRow(inviteId))).not.toContain(secret);
  expect(JSON.stringify(await list.query({}))).not.toContain(secret);
  await revoke.mutate({ inviteId, reason: "Sent to the wrong list" });
  await revoke.mutate({ inviteId });
  expect(await errorOf(revoke.mutate({ inviteId: newId() }))).toMatchObject({
    errorCode: "NOT_FOUND",
  });
  const { items } = await admin.api.admin.audit.list.query({ actor: admin.user.id });
  const event = { targetType: "invite", targetId: inviteId, owner: null };
  expect(items).toMatchObject([
    { ...event, action: "invite.revoke", reason: "Sent to the wrong list", details: null },
    { ...event, action: "invite.create", reason: "New colleagues", details: { uses: 3, days: 7 } },
  ]);
});
