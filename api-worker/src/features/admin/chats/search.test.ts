import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { callerAs, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { newId } from "../../../platform/ids.ts";
import { accessMs } from "./open-chat.ts";

afterEach(() => Object.assign(env, { ADMIN_CHAT_ACCESS: "on" }));

/** A person with a chat about tides, beside another's of the same words. */
async function setUp() {
  const admin = await callerFor("admin");
  const [user, other] = [await createUser({ name: "Ada" }), await createUser()];
  const chat = await createChat(user, { title: "At sea" });
  const message = await createMessage(user, chat, { text: "When is the spring tide in June?" });
  const elsewhere = await createChat(other, { title: "Elsewhere" });
  await createMessage(other, elsewhere, { text: "The spring tide of another person" });
  return { admin, user, owner: await callerAs(user), chat, message };
}

test("one person's chats are searched by text, with a reason that the person sees", async () => {
  const { admin, user, owner, chat, message } = await setUp();
  const { openSearch, search } = admin.api.admin.chats;
  const wanted = { userId: user.id, query: "spring tide" };
  const refusal = await errorOf(openSearch.mutate({ ...wanted, reason: " " }));
  expect(refusal).toMatchObject({ errorCode: "INVALID", fields: { reason: "Enter a reason." } });
  expect((await owner.api.account.inspections.query({})).items).toEqual([]);

  const { accessId } = await openSearch.mutate({ ...wanted, reason: "A report of abuse" });
  expect((await owner.api.account.inspections.query({})).items).toEqual([
    {
      ...{ id: accessId, createdAt: expect.any(Number), what: "chat", chatId: null, title: null },
      ...{ searchedFor: "spring tide", by: admin.user.email, reason: "A report of abuse" },
    },
  ]);
  const found = await search.query({ accessId });
  expect(found).toMatchObject({
    owner: { id: user.id, name: "Ada" },
    ...{ query: "spring tide", reason: "A report of abuse", isComplete: true, nextCursor: null },
  });
  expect(found.items).toMatchObject([
    { chatId: chat.id, title: "At sea", messageId: message.id, role: "user" },
  ]);
  const log = await admin.api.admin.audit.list.query({ about: user.id });
  expect(log.items).toMatchObject([
    { action: "chat.search", reason: "A report of abuse", details: { text: "spring tide" } },
  ]);
});

test("a search belongs to its administrator, ends after an hour, and opens no chat", async () => {
  const { admin, user } = await setUp();
  const { openSearch, search, inspect } = admin.api.admin.chats;
  const { accessId } = await openSearch.mutate({ userId: user.id, query: "tide", reason: "why" });
  const other = await callerFor("admin");
  for (const call of [
    () => other.api.admin.chats.search.query({ accessId }),
    () => search.query({ accessId: newId() }),
    () => inspect.query({ accessId }),
  ]) {
    expect((await errorOf(call())).errorCode).toBe("NOT_FOUND");
  }
  const old = newId();
  await env.HOME.prepare(
    `INSERT INTO auditEvents (id, actorId, action, targetType, targetId, ownerId, createdAt, details)
     VALUES (?, ?, 'chat.search', 'user', ?2, ?3, ?4, '{"text":"tide"}')`,
  )
    .bind(old, admin.user.id, user.id, Date.now() - accessMs)
    .run();
  expect((await errorOf(search.query({ accessId: old }))).errorCode).toBe("FORBIDDEN");
});

test("the operator can keep chats from being searched, also in a search that has begun", async () => {
  const { admin, user } = await setUp();
  const { openSearch, search } = admin.api.admin.chats;
  const wanted = { userId: user.id, query: "tide", reason: "why" };
  const { accessId } = await openSearch.mutate(wanted);
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  expect((await errorOf(openSearch.mutate(wanted))).errorCode).toBe("FORBIDDEN");
  expect((await errorOf(search.query({ accessId }))).errorCode).toBe("FORBIDDEN");
});
