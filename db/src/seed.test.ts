import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { seed, seedLongChat } from "../seed.ts";
import { createContentDb, createHomeDb } from "./client.ts";

const home = createHomeDb(env.HOME);
const content = createContentDb(env.CONTENT);

async function everything() {
  return {
    users: await home.kysely.selectFrom("users").selectAll().orderBy("id").execute(),
    chats: await content.kysely.selectFrom("chats").selectAll().orderBy("id").execute(),
    messages: await content.kysely.selectFrom("messages").selectAll().orderBy("id").execute(),
  };
}

test("the seed can be run again, also later, and changes nothing then", async () => {
  const result = await seed({ home: env.HOME, content: env.CONTENT }, 1_000_000_000_000);
  const first = await everything();
  expect(first.users.map(({ email }) => email)).toEqual(result.users.map(({ email }) => email));
  expect(first.chats).toHaveLength(result.chatCount);
  for (const chat of first.chats) {
    const own = first.messages.filter(({ chatId }) => chatId === chat.id);
    expect(own.at(-1)?.id).toBe(chat.currentMessageId);
    expect(own.map(({ parentId }) => parentId)).toEqual([
      null,
      ...own.slice(0, -1).map((m) => m.id),
    ]);
  }
  await seed({ home: env.HOME, content: env.CONTENT }, 2_000_000_000_000);
  expect(await everything()).toEqual(first);
});

test("an existing account with a demo address is kept, and gets the chats", async () => {
  await home.kysely.updateTable("users").set({ id: "older" }).where("name", "=", "Ada").execute();
  await content.kysely.deleteFrom("chats").execute();
  await seed({ home: env.HOME, content: env.CONTENT }, 3_000_000_000_000);
  const owners = new Set((await everything()).chats.map(({ userId }) => userId));
  expect(owners).toContain("older");
  expect((await everything()).users).toHaveLength(2);
});

test("a long chat is one branch, from its first message to the one that is shown", async () => {
  const bindings = { home: env.HOME, content: env.CONTENT };
  const chatId = await seedLongChat(bindings, 250, 1_000_000_000_000);
  expect(await seedLongChat(bindings, 250, 2_000_000_000_000)).toBe(chatId);
  const { chats, messages } = await everything();
  const own = messages.filter((message) => message.chatId === chatId);
  expect(own).toHaveLength(250);
  expect(chats.find(({ id }) => id === chatId)?.currentMessageId).toBe(own.at(-1)?.id);
  expect(own.map(({ parentId }) => parentId)).toEqual([
    null,
    ...own.slice(0, -1).map(({ id }) => id),
  ]);
});
