import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { upload } from "../../../../test/files.ts";
import { ask } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { accessMs } from "./open-chat.ts";

const home = createHomeDb(env.HOME);

afterEach(() => Object.assign(env, { ADMIN_CHAT_ACCESS: "on" }));

type Filter = Parameters<Caller["api"]["admin"]["chats"]["list"]["query"]>[0];

/** All pages of the list, each of one chat. */
async function walk({ api }: Caller, filter: Filter) {
  const found = [];
  let cursor: string | null | undefined;
  do {
    const page = await api.admin.chats.list.query({ ...filter, limit: 1, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

test("chats of all users are listed, last used first, and filtered", async () => {
  const admin = await callerFor("admin");
  const [ada, grace] = [await createUser({ name: "Ada" }), await createUser()];
  const from = 8_000_000_000_000;
  const first = await createChat(ada, { title: "The Sea at Night", updatedAt: from });
  const second = await createChat(grace, { title: "Tea", updatedAt: from + 1 });
  const third = await createChat(ada, { title: "Tides of the sea", updatedAt: from + 2 });
  await createMessage(ada, third, { role: "assistant", status: "failed", modelId: "model-x" });
  await createMessage(ada, third, { role: "assistant", modelId: "model-y" });

  const idsOf = async (filter: Filter) =>
    (await walk(admin, { from, ...filter })).map(({ id }) => id);
  expect(await idsOf({})).toEqual([third.id, second.id, first.id]);
  expect(await idsOf({ user: ada.email ?? "" })).toEqual([third.id, first.id]);
  expect(await idsOf({ user: grace.id })).toEqual([second.id]);
  expect(await idsOf({ title: "SEA" })).toEqual([third.id, first.id]);
  expect(await idsOf({ title: "%" })).toEqual([]);
  expect(await idsOf({ status: "failed" })).toEqual([third.id]);
  expect(await idsOf({ status: "interrupted" })).toEqual([]);
  expect(await idsOf({ modelId: "model-x", title: "tides" })).toEqual([third.id]);
  expect(await idsOf({ until: from + 2 })).toEqual([second.id, first.id]);
  expect(await walk(admin, { chatId: third.id })).toEqual([
    {
      owner: { id: ada.id, email: ada.email, name: "Ada" },
      ...{ id: third.id, title: "Tides of the sea", visibility: "private" },
      ...{ createdAt: third.createdAt, updatedAt: from + 2 },
      // Of the last message.
      ...{ status: "complete", modelId: "model-y" },
    },
  ]);
});

/** An owner with a chat that has two answers, a file and a document. */
async function setUp() {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const { chatId, streamId, stream } = await ask(owner, "count to 3");
  await stream.rest();
  return { admin, owner, chatId, streamId, userId: owner.user.id };
}

test("opening a chat needs a reason, and its owner sees who opened it, when and why", async () => {
  const { admin, owner, chatId, userId } = await setUp();
  const { open } = admin.api.admin.chats;
  for (const reason of ["", "   "]) {
    const refusal = await errorOf(open.mutate({ userId, chatId, reason }));
    expect(refusal).toMatchObject({ errorCode: "INVALID", fields: { reason: "Enter a reason." } });
  }
  expect((await owner.api.account.inspections.query({})).items).toEqual([]);
  await open.mutate({ userId, chatId, reason: "A report of abuse" });
  const { title } = await owner.api.chats.get.query({ chatId });
  const seen = {
    ...{ id: expect.any(String), createdAt: expect.any(Number), what: "chat", chatId, title },
    ...{ by: admin.user.email, reason: "A report of abuse", searchedFor: null },
  };
  expect((await owner.api.account.inspections.query({})).items).toEqual([seen]);
  const file = await upload(owner, "a file");
  expect((await admin.fetch(`/files/${file.id}`)).status).toBe(200);
  await owner.api.chats.delete.mutate({ chatId });
  const [first, second] = [
    await owner.api.account.inspections.query({ limit: 1 }),
    await owner.api.account.inspections.query({ limit: 100 }),
  ];
  expect(first).toEqual({ items: [second.items[0]], nextCursor: expect.any(String) });
  expect(second.items).toEqual([
    { ...seen, what: "file", chatId: null, title: file.name, reason: null },
    // The trace stays when the chat is gone.
    { ...seen, chatId: null, title: null },
  ]);
  const others = await (await callerFor("anotherUser")).api.account.inspections.query({});
  expect(others.items).toEqual([]);
});

test("an opened chat is read with all branches, their tokens, and the log of a turn", async () => {
  const { admin, owner, chatId, streamId, userId } = await setUp();
  const list = await owner.api.messages.list.query({ chatId });
  const [question, answer] = list.items;
  await createMessage(
    owner.user,
    { id: chatId },
    {
      ...{ role: "assistant", parentId: question?.id ?? null, status: "failed", errorCode: "X" },
      ...{ inputTokens: 7, outputTokens: 8, modelId: "model-z" },
    },
  );
  const { accessId } = await admin.api.admin.chats.open.mutate({ userId, chatId, reason: "why" });
  const inspected = await admin.api.admin.chats.inspect.query({ accessId });
  expect(inspected).toMatchObject({
    chat: { id: chatId, owner: { id: userId } },
    reason: "why",
    documents: [],
    files: [],
  });
  const messages = [];
  let cursor: string | null | undefined;
  do {
    const page = await admin.api.admin.chats.messages.query({ accessId, cursor, limit: 1 });
    messages.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(messages).toMatchObject([
    { id: question?.id, role: "user", parentId: null },
    { id: answer?.id, role: "assistant", parentId: question?.id, status: "complete", streamId },
    { parentId: question?.id, status: "failed", errorCode: "X", inputTokens: 7, outputTokens: 8 },
  ]);
  expect(JSON.parse(messages[0]?.parts ?? "")).toEqual([{ type: "text", text: "count to 3" }]);

  const { chunks, hasMore } = await admin.api.admin.chats.turnLog.query({ accessId, streamId });
  expect(hasMore).toBe(false);
  const types = chunks.map((chunk) => JSON.parse(chunk).type as string);
  expect(types[0]).toBe("start");
  expect(types.at(-1)).toBe("finish");
  const unknown = await admin.api.admin.chats.turnLog.query({ accessId, streamId: newId() });
  expect(unknown).toEqual({ chunks: [], hasMore: false });
});

test("what one administrator has opened, another has not, and it closes after an hour", async () => {
  const { admin, chatId, userId } = await setUp();
  const { accessId } = await admin.api.admin.chats.open.mutate({ userId, chatId, reason: "why" });
  await admin.api.admin.chats.inspect.query({ accessId });
  const other = await callerFor("admin");
  for (const id of [accessId, newId()]) {
    const refusal = await errorOf(other.api.admin.chats.messages.query({ accessId: id }));
    expect(refusal.errorCode).toBe("NOT_FOUND");
  }
  const old = newId();
  await env.HOME.prepare(
    `INSERT INTO auditEvents (id, actorId, action, targetType, targetId, ownerId, createdAt)
     VALUES (?, ?, 'chat.open', 'chat', ?, ?, ?)`,
  )
    .bind(old, admin.user.id, chatId, userId, Date.now() - accessMs)
    .run();
  const refusal = await errorOf(admin.api.admin.chats.inspect.query({ accessId: old }));
  expect(refusal.errorCode).toBe("FORBIDDEN");
});

test("the operator can keep chats and files closed, also those that are open now", async () => {
  const { admin, owner, chatId, streamId, userId } = await setUp();
  const file = await upload(owner, "a file");
  const { accessId } = await admin.api.admin.chats.open.mutate({ userId, chatId, reason: "why" });
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  const { open, inspect, messages, turnLog } = admin.api.admin.chats;
  for (const call of [
    () => open.mutate({ userId, chatId, reason: "why" }),
    () => inspect.query({ accessId }),
    () => messages.query({ accessId }),
    () => turnLog.query({ accessId, streamId }),
  ]) {
    expect((await errorOf(call())).errorCode).toBe("FORBIDDEN");
  }
  expect((await admin.fetch(`/files/${file.id}`)).status).toBe(404);
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(200);
  const closed = await admin.api.admin.chats.list.query({ chatId });
  expect(closed).toMatchObject({ canOpen: false, items: [{ title: null }] });
  const events = await home.kysely
    .selectFrom("auditEvents")
    .select("action")
    .where("ownerId", "=", userId)
    .execute();
  expect(events).toEqual([{ action: "chat.open" }]);
});
