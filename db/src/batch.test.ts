import { env } from "cloudflare:workers";
import { sql } from "kysely";
import { beforeEach, expect, test } from "vitest";
import { chatRow, messageRow, userRow } from "../factories.ts";
import { runBatch } from "./batch.ts";
import { createContentDb, createHomeDb } from "./client.ts";
import { valuesOf } from "./values-of.ts";

const home = createHomeDb(env.HOME);
const content = createContentDb(env.CONTENT);
const insertUser = (id: string, email: string) =>
  home.kysely.insertInto("users").values(userRow({ id, email, createdAt: 1 }));
const userIds = async () =>
  (await home.kysely.selectFrom("users").select("id").orderBy("id").execute()).map(({ id }) => id);

beforeEach(async () => {
  await home.kysely.deleteFrom("users").execute();
  await content.kysely.deleteFrom("chats").execute();
});

test("all queries of a batch take effect, and each gives its own rows", async () => {
  const [, second, all] = await runBatch(home, [
    insertUser("a", "a@example.com"),
    insertUser("b", "b@example.com").returning(["id", "email"]),
    home.kysely.selectFrom("users").select("id").orderBy("id"),
  ]);
  expect(second).toEqual([{ id: "b", email: "b@example.com" }]);
  expect(all).toEqual([{ id: "a" }, { id: "b" }]);
});

test("a query that fails undoes those before it", async () => {
  const batch = runBatch(home, [
    insertUser("a", "same@example.com"),
    insertUser("b", "same@example.com"),
  ]);
  await expect(batch).rejects.toThrow(/UNIQUE constraint failed: users\.email/);
  expect(await userIds()).toEqual([]);
});

test("raw SQL and query builders stand in one batch, each with its own rows", async () => {
  const [, counted, ids] = await runBatch(home, [
    insertUser("a", "a@example.com"),
    sql<{ count: number }>`SELECT count(*) AS count FROM users WHERE id = ${"a"}`,
    home.kysely.selectFrom("users").select("id"),
  ]);
  expect(counted).toEqual([{ count: 1 }]);
  expect(ids).toEqual([{ id: "a" }]);
});

test("a list of any length is one parameter", async () => {
  await runBatch(home, [insertUser("a", "a@example.com"), insertUser("b", "b@example.com")]);
  const ids = [...Array.from({ length: 500 }, (_, index) => `no ${index}`), "b", "'; --"];
  const found = await home.kysely
    .selectFrom("users")
    .select("id")
    .where("id", "in", valuesOf(ids))
    .execute();
  expect(found).toEqual([{ id: "b" }]);
  const none = home.kysely.selectFrom("users").select("id").where("id", "in", valuesOf([]));
  expect(await none.execute()).toEqual([]);
});

test("an empty batch does nothing", async () => {
  expect(await runBatch(home, [])).toEqual([]);
});

test("a chat takes its messages along, whatever the order of parents in a batch", async () => {
  const message = (id: string, parentId: string | null) =>
    content.kysely
      .insertInto("messages")
      .values(messageRow({ userId: "u", chatId: "c", id, parentId, role: "user", createdAt: 1 }));
  await runBatch(content, [
    content.kysely.insertInto("chats").values(chatRow({ userId: "u", id: "c", createdAt: 1 })),
    message("child", "root"),
    message("root", null),
  ]);
  await content.kysely.deleteFrom("chats").where("id", "=", "c").execute();
  expect(await content.kysely.selectFrom("messages").select("id").execute()).toEqual([]);
});

test("a message cannot stand in another user's chat", async () => {
  await content.kysely
    .insertInto("chats")
    .values(chatRow({ userId: "u", id: "c", createdAt: 1 }))
    .execute();
  const insert = content.kysely
    .insertInto("messages")
    .values(messageRow({ userId: "other", chatId: "c", id: "m", role: "user", createdAt: 1 }))
    .execute();
  await expect(insert).rejects.toThrow(/FOREIGN KEY constraint failed/);
});
