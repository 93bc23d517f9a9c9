import { env } from "cloudflare:workers";
import { createContentDb, runBatch, type UserRow } from "db";
import { chatRow, messageRow } from "db/factories";
import { afterEach, expect, test } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import { takeErrors } from "../../../test/logs.ts";
import { encodeCursor } from "../../platform/cursor.ts";
import { newId } from "../../platform/ids.ts";

const content = createContentDb(env.CONTENT_0);
const chatObjects = env.CHAT;

afterEach(() => {
  env.CHAT = chatObjects;
});

/** The ids of a user's chats and messages in a database, chats first. */
async function idsIn(database: D1Database, user: UserRow): Promise<unknown[]> {
  const { results } = await database
    .prepare(
      "SELECT id FROM chats WHERE userId = ?1 UNION ALL SELECT id FROM messages WHERE userId = ?1",
    )
    .bind(user.id)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

const countOf = async (table: "chats" | "messages", user: UserRow) =>
  (await content.kysely.selectFrom(table).select("id").where("userId", "=", user.id).execute())
    .length;

test("the list gives every chat once, the last used first, page by page", async () => {
  const owner = await callerFor("owner");
  const chats = [];
  // Some chats have the same time, so their ids decide the order.
  for (const updatedAt of [5, 3, 3, 3, 9, 1, 3]) {
    chats.push(await createChat(owner.user, { createdAt: 1, updatedAt }));
  }
  await createChat(await createUser());
  const expected = chats
    .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
  for (const limit of [1, 2, 3, 7, 8]) {
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<typeof owner.api.chats.list.query>> =
        await owner.api.chats.list.query({ limit, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null && pages < 10);
    expect(seen).toEqual(expected);
    expect(pages).toBe(Math.ceil(7 / limit));
  }
});

test("a chat that comes to the top between two pages does not shift the next page", async () => {
  const owner = await callerFor("owner");
  for (const updatedAt of [1, 2, 3, 4])
    await createChat(owner.user, { updatedAt, title: `${updatedAt}` });
  const first = await owner.api.chats.list.query({ limit: 2 });
  await createChat(owner.user, { updatedAt: 5, title: "5" });
  const second = await owner.api.chats.list.query({ limit: 2, cursor: first.nextCursor });
  expect(first.items.map(({ title }) => title)).toEqual(["4", "3"]);
  expect(second.items.map(({ title }) => title)).toEqual(["2", "1"]);
});

test("a chat has the fields of the contract, and no others", async () => {
  const owner = await callerFor("owner");
  const row = await createChat(owner.user);
  const { id, title, visibility, pinnedAt, currentMessageId, createdAt, updatedAt } = row;
  const chat = { id, title, visibility, pinnedAt, currentMessageId, createdAt, updatedAt };
  expect(await owner.api.chats.get.query({ chatId: chat.id })).toEqual({ ...chat, access: "own" });
  expect((await owner.api.chats.list.query({})).items).toEqual([chat]);
});

test.each([
  ["rubbish", "%%%"],
  ["no JSON", "bm9wZQ"],
  ["another shape", encodeCursor({ updatedAt: 1 })],
  ["another order", encodeCursor(["id", 1])],
  ["a fraction of a millisecond", encodeCursor([1.5, "id"])],
])("a cursor that is %s is refused as such", async (_, cursor) => {
  const owner = await callerFor("owner");
  expect(await errorOf(owner.api.chats.list.query({ cursor }))).toEqual({
    errorCode: "INVALID",
    httpStatus: 400,
    message: "This page of the list can’t be found.",
    fields: { cursor: "This page of the list can’t be found." },
  });
});

test("a renamed chat keeps its place, and its title is the owner's from then on", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { updatedAt: 7 });
  const renamed = await owner.api.chats.rename.mutate({ chatId: chat.id, title: "  Plans  " });
  expect(renamed).toMatchObject({ id: chat.id, title: "Plans", updatedAt: 7 });
  expect(await owner.api.chats.get.query({ chatId: chat.id })).toEqual({
    ...renamed,
    access: "own",
  });
  const row = await content.kysely
    .selectFrom("chats")
    .select("titleSource")
    .where("id", "=", chat.id)
    .executeTakeFirst();
  expect(row).toEqual({ titleSource: "owner" });
});

test("a title of nothing but spaces is refused", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const error = await errorOf(owner.api.chats.rename.mutate({ chatId: chat.id, title: "  " }));
  expect(error).toMatchObject({ errorCode: "INVALID", message: "Enter a title." });
});

test("a deleted chat is gone with its messages, and cannot be deleted again", async () => {
  const owner = await callerFor("owner");
  const [chat, kept] = [await createChat(owner.user), await createChat(owner.user)];
  const question = await createMessage(owner.user, chat);
  await createMessage(owner.user, chat, { role: "assistant", parentId: question.id });
  await createMessage(owner.user, kept);
  expect(await owner.api.chats.delete.mutate({ chatId: chat.id })).toBeNull();
  expect((await owner.api.chats.list.query({})).items.map(({ id }) => id)).toEqual([kept.id]);
  expect(await countOf("messages", owner.user)).toBe(1);
  const again = await errorOf(owner.api.chats.delete.mutate({ chatId: chat.id }));
  expect(again.errorCode).toBe("NOT_FOUND");
});

test("a chat whose object cannot be reached is deleted all the same, and the operator is told", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const purge = () => Promise.reject(new Error("the object is away"));
  env.CHAT = { idFromName: () => "id", get: () => ({ purge }) } as unknown as typeof env.CHAT;
  await owner.api.chats.delete.mutate({ chatId: chat.id });
  expect(await countOf("chats", owner.user)).toBe(0);
  expect(takeErrors()).toEqual([
    expect.objectContaining({
      event: "chats.object_not_purged",
      userId: owner.user.id,
      chatId: chat.id,
      error: expect.stringContaining("the object is away"),
    }),
  ]);
});

test("a chat whose messages form a chain of 3000 can be deleted", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const ids = Array.from({ length: 3000 }, () => newId());
  const messages = ids.map((id, index) =>
    content.kysely.insertInto("messages").values(
      messageRow({
        userId: owner.user.id,
        chatId: chat.id,
        id,
        parentId: ids[index - 1] ?? null,
        role: index % 2 === 0 ? "user" : "assistant",
        createdAt: index,
      }),
    ),
  );
  await runBatch(content, messages);
  expect(await countOf("messages", owner.user)).toBe(3000);
  await owner.api.chats.delete.mutate({ chatId: chat.id });
  expect(await countOf("messages", owner.user)).toBe(0);
});

test("deleting all takes every chat of the user, in more than one batch, and no one else's", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const rows = Array.from({ length: 51 }, () =>
    chatRow({ userId: owner.user.id, id: newId(), createdAt: 1 }),
  );
  await runBatch(
    content,
    rows.map((row) => content.kysely.insertInto("chats").values(row)),
  );
  const chat = await createChat(other.user);
  await createMessage(other.user, chat);
  expect(await owner.api.chats.deleteAll.mutate()).toEqual({ deletedCount: 51 });
  expect(await countOf("chats", owner.user)).toBe(0);
  expect(await countOf("chats", other.user)).toBe(1);
  expect(await owner.api.chats.deleteAll.mutate()).toEqual({ deletedCount: 0 });
});

test("users on two content databases reach nothing of each other, even with the same ids", async () => {
  const first = await callerAs(await createUser({ contentShard: 0 }));
  const second = await callerAs(await createUser({ contentShard: 1 }));
  const [shared, onlyFirst] = [newId(), newId()];
  const message = newId();
  for (const { user } of [first, second]) {
    const chat = await createChat(user, { id: shared, title: `of ${user.contentShard}` });
    await createMessage(user, chat, { id: message });
  }
  await createChat(first.user, { id: onlyFirst });
  expect(await idsIn(env.CONTENT_0, second.user)).toEqual([]);
  expect(await idsIn(env.CONTENT_1, second.user)).toEqual([shared, message]);
  expect(await idsIn(env.CONTENT_1, first.user)).toEqual([]);

  expect(await second.api.chats.get.query({ chatId: shared })).toMatchObject({ title: "of 1" });
  expect((await second.api.chats.list.query({})).items.map(({ id }) => id)).toEqual([shared]);
  const missing = await errorOf(second.api.chats.get.query({ chatId: newId() }));
  expect(await errorOf(second.api.chats.get.query({ chatId: onlyFirst }))).toEqual(missing);

  await second.api.chats.rename.mutate({ chatId: shared, title: "renamed" });
  await second.api.chats.deleteAll.mutate();
  expect(await first.api.chats.get.query({ chatId: shared })).toMatchObject({ title: "of 0" });
  expect((await first.api.messages.list.query({ chatId: shared })).items).toHaveLength(1);
  expect(await idsIn(env.CONTENT_1, second.user)).toEqual([]);
});

test("one database holds the same chat id for two users, and each has only the own", async () => {
  const [first, second] = [await callerFor("owner"), await callerFor("anotherUser")];
  const id = newId();
  await createChat(first.user, { id, title: "first" });
  await createChat(second.user, { id, title: "second" });
  expect(await first.api.chats.get.query({ chatId: id })).toMatchObject({ title: "first" });
  expect(await second.api.chats.get.query({ chatId: id })).toMatchObject({ title: "second" });
  await first.api.chats.rename.mutate({ chatId: id, title: "renamed" });
  await first.api.chats.delete.mutate({ chatId: id });
  expect(await second.api.chats.get.query({ chatId: id })).toMatchObject({ title: "second" });
});

test("a chat that calls itself public, but was never published, is not there for others", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(await createUser(), { visibility: "public" });
  const get = (chatId: string) => errorOf(owner.api.chats.get.query({ chatId }));
  expect(await get(chat.id)).toEqual(await get(newId()));
});

test("pinned chats are a list of their own, the last pinned first, and stay pinned in order", async () => {
  const owner = await callerFor("owner");
  const [first, second, third] = [
    await createChat(owner.user, { updatedAt: 3 }),
    await createChat(owner.user, { updatedAt: 2, pinnedAt: 10 }),
    await createChat(owner.user, { updatedAt: 1, pinnedAt: 20 }),
  ];
  const listed = async (input: { pinned?: boolean; limit?: number; cursor?: string | null }) => {
    const page = await owner.api.chats.list.query(input);
    return { ids: page.items.map(({ id }) => id), nextCursor: page.nextCursor };
  };
  expect((await listed({})).ids).toEqual([first.id, second.id, third.id]);
  expect((await listed({ pinned: false })).ids).toEqual([first.id]);
  const page = await listed({ pinned: true, limit: 1 });
  expect(page.ids).toEqual([third.id]);
  const next = await listed({ pinned: true, limit: 1, cursor: page.nextCursor });
  expect(next).toEqual({ ids: [second.id], nextCursor: null });

  const pinned = await owner.api.chats.pin.mutate({ chatId: first.id, pinned: true });
  expect(pinned.pinnedAt).toBeGreaterThan(20);
  expect((await listed({ pinned: true })).ids).toEqual([first.id, third.id, second.id]);
  // Pinning a pinned chat changes nothing.
  await owner.api.chats.pin.mutate({ chatId: second.id, pinned: true });
  expect((await listed({ pinned: true })).ids).toEqual([first.id, third.id, second.id]);
  await owner.api.chats.pin.mutate({ chatId: third.id, pinned: false });
  expect((await listed({ pinned: false })).ids).toEqual([third.id]);
});
