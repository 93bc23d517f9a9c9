import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { anonymous, callerAs, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { silentQuestion } from "../../../../test/open-things.ts";
import { programOf } from "../../../../test/programs.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const { kysely } = createHomeDb(env.HOME);

const eventsOf = (targetId: string) =>
  kysely
    .selectFrom("auditEvents")
    .selectAll()
    .where("targetId", "=", targetId)
    .orderBy("id")
    .execute();

const roleOf = async (userId: string) =>
  (await kysely.selectFrom("users").select("role").where("id", "=", userId).executeTakeFirst())
    ?.role;

/** Makes these the only administrators. */
async function onlyAdmins(...userIds: string[]) {
  await kysely.updateTable("users").set({ role: "user" }).where("id", "not in", userIds).execute();
}

test("a user who is made an administrator is one from the next request on, and back again", async () => {
  const [admin, other] = [await callerFor("admin"), await callerFor("anotherUser")];
  const userId = other.user.id;
  const { setRole } = admin.api.admin.users;
  await setRole.mutate({ userId, role: "admin", reason: "On duty" });
  await other.api.admin.users.list.query({});
  await setRole.mutate({ userId, role: "admin" });
  await setRole.mutate({ userId, role: "user" });
  const refusal = await errorOf(other.api.admin.users.list.query({}));
  expect(refusal.errorCode).toBe("FORBIDDEN");
  const event = {
    ...{ id: expect.any(String), actorId: admin.user.id, createdAt: expect.any(Number) },
    ...{ targetType: "user", targetId: userId, ownerId: userId, details: null },
    requestId: expect.any(String),
  };
  // What was so already is not recorded.
  expect(await eventsOf(userId)).toEqual([
    { ...event, action: "user.make_admin", reason: "On duty" },
    { ...event, action: "user.unmake_admin", reason: null },
  ]);
});

test("of the last two administrators who remove each other at once, one stays", async () => {
  for (const remove of ["setRole", "disable", "delete"] as const) {
    const admins = [await callerFor("admin"), await callerFor("admin")] as const;
    await onlyAdmins(...admins.map(({ user }) => user.id));
    const outcomes = await Promise.allSettled(
      admins.map(({ api }, index) => {
        const { id: userId, email } = admins[1 - index]?.user ?? admins[0].user;
        const { users } = api.admin;
        if (remove === "setRole") return users.setRole.mutate({ userId, role: "user" });
        if (remove === "disable") return users.disable.mutate({ userId });
        return users.delete.mutate({ userId, confirmation: email ?? "" });
      }),
    );
    expect(outcomes.map(({ status }) => status).toSorted(), remove).toEqual([
      "fulfilled",
      "rejected",
    ]);
    const left = await kysely
      .selectFrom("users")
      .select("id")
      .where("role", "=", "admin")
      .where("disabledAt", "is", null)
      .execute();
    expect(left, remove).toHaveLength(1);
  }
});

test("the last administrator cannot step down, and keeps the own account", async () => {
  const admin = await callerFor("admin");
  const userId = admin.user.id;
  await onlyAdmins(userId);
  const { setRole, disable, endSessions, delete: remove } = admin.api.admin.users;
  for (const call of [
    () => setRole.mutate({ userId, role: "user" }),
    () => disable.mutate({ userId }),
    () => endSessions.mutate({ userId }),
    () => remove.mutate({ userId, confirmation: admin.user.email ?? "" }),
  ]) {
    expect((await errorOf(call())).errorCode).toBe("CONFLICT");
  }
  expect(await roleOf(userId)).toBe("admin");
  expect(await eventsOf(userId)).toEqual([]);
});

test("guests, and those whom ADMIN_EMAILS names, keep their role", async () => {
  const admin = await callerFor("admin");
  const { setRole } = admin.api.admin.users;
  const guest = await createUser({ email: null });
  const named = await createUser({ email: `${newId()}@named.example`, role: "admin" });
  const before = env.ADMIN_EMAILS;
  Object.assign(env, { ADMIN_EMAILS: named.email });
  try {
    expect(await admin.api.admin.users.get.query({ userId: named.id })).toMatchObject({
      isNamedAdmin: true,
      isViewer: false,
    });
    for (const [userId, role] of [
      [guest.id, "admin"],
      [named.id, "user"],
    ] as const) {
      expect((await errorOf(setRole.mutate({ userId, role }))).errorCode).toBe("CONFLICT");
    }
  } finally {
    Object.assign(env, { ADMIN_EMAILS: before });
  }
  expect([await roleOf(guest.id), await roleOf(named.id)]).toEqual(["user", "admin"]);
});

test("disabling a user ends two live answers, and a third that an API token reads", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const program = await programOf(owner, ["chats:read"]);
  const answers = [];
  for (let count = 0; count < 3; count += 1) answers.push(await ask(owner, silentQuestion));
  const [, , third] = answers;
  if (!third) throw new Error("There is no third answer.");
  const { chatId, streamId } = third;
  const byProgram = await openStream(program, { chatId, streamId });
  const streams = [...answers.map(({ stream }) => stream), byProgram];
  for (const stream of streams) await stream.next();

  const userId = owner.user.id;
  await admin.api.admin.users.disable.mutate({ userId, reason: "Abuse" });
  // The mutation returns when everything has ended; no reader waits for an event of its own.
  for (const stream of streams) {
    await expect(stream.rest()).rejects.toMatchObject({ data: { errorCode: "UNAUTHENTICATED" } });
  }
  const statuses = await env.CONTENT_0.prepare(
    "SELECT status FROM messages WHERE userId = ? AND role = 'assistant'",
  )
    .bind(userId)
    .all<{ status: string }>();
  expect(statuses.results.map(({ status }) => status)).toEqual(["stopped", "stopped", "stopped"]);
  for (const { api } of [owner, program]) {
    expect((await errorOf(api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
  }
  expect(await eventsOf(userId)).toMatchObject([{ action: "user.disable", reason: "Abuse" }]);

  await admin.api.admin.users.enable.mutate({ userId });
  expect((await errorOf(owner.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
  await (await callerAs(owner.user)).api.chats.list.query({});
  expect((await eventsOf(userId)).map(({ action }) => action)).toEqual([
    "user.disable",
    "user.enable",
  ]);
});

test("an administrator ends a user's sessions, and the API tokens only if asked", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const program = await programOf(owner, ["chats:read"]);
  const userId = owner.user.id;
  const { access, endSessions } = admin.api.admin.users;
  const countOf = async () => {
    const { sessions, tokens } = await access.query({ userId });
    return [sessions.length, tokens.length];
  };
  expect(await countOf()).toEqual([1, 1]);
  await endSessions.mutate({ userId });
  expect((await errorOf(owner.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
  await program.api.chats.list.query({});
  expect(await countOf()).toEqual([0, 1]);
  await endSessions.mutate({ userId, withTokens: true });
  expect((await errorOf(program.api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
  expect(await countOf()).toEqual([0, 0]);
  expect((await eventsOf(userId)).map(({ details }) => details)).toEqual([
    '{"withTokens":false}',
    '{"withTokens":true}',
  ]);
});

test("an administrator sees what a user has used, as the user does", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const { stream } = await ask(owner, "count to 3");
  await stream.rest();
  const { hasWaitingChats: _, ...own } = await owner.api.account.usage.query({});
  expect(own.items).toHaveLength(1);
  const userId = owner.user.id;
  expect(await admin.api.admin.users.usage.query({ userId })).toEqual(own);
});

test("an administrator makes a link for a new password, of which the newest works once", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const userId = owner.user.id;
  const { createResetLink } = admin.api.admin.users;
  const links = [
    await createResetLink.mutate({ userId }),
    await createResetLink.mutate({ userId, reason: "Forgot it" }),
  ];
  const [first, last] = links.map(({ path }) => path.replace("/reset#", ""));
  const browser = anonymous();
  const choose = (token = "") =>
    browser.api.auth.resetPassword.mutate({ token, newPassword: "geese over the harbour" });
  expect((await errorOf(choose(first))).errorCode).toBe("INVALID");
  expect((await choose(last)).id).toBe(userId);
  expect((await errorOf(choose(last))).errorCode).toBe("INVALID");
  const events = await eventsOf(userId);
  expect(events.map(({ action, reason }) => [action, reason])).toEqual([
    ["user.reset_link", null],
    ["user.reset_link", "Forgot it"],
  ]);
  expect(JSON.stringify(events)).not.toContain(last?.split(".")[1]);
});

test("a guest and a disabled user get no link, and no user does while chats are closed", async () => {
  const [admin, owner, guest] = [
    await callerFor("admin"),
    await callerFor("owner"),
    await createUser({ email: null }),
  ];
  const { createResetLink, disable } = admin.api.admin.users;
  const codeFor = async (userId: string) =>
    (await errorOf(createResetLink.mutate({ userId }))).errorCode;
  const before = env.ADMIN_CHAT_ACCESS;
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  try {
    expect(await codeFor(owner.user.id)).toBe("FORBIDDEN");
  } finally {
    Object.assign(env, { ADMIN_CHAT_ACCESS: before });
  }
  await disable.mutate({ userId: owner.user.id });
  expect(await codeFor(owner.user.id)).toBe("CONFLICT");
  expect(await codeFor(guest.id)).toBe("CONFLICT");
  expect(await codeFor(admin.user.id)).toBe("CONFLICT");
  const resets = await kysely.selectFrom("passwordResets").select("userId").execute();
  expect(resets.map(({ userId }) => userId)).not.toContain(owner.user.id);
});
