/** A guest logs in to an existing account, and the guest's content moves to it. */
import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { expect, test } from "vitest";
import { crash } from "../../../test/chat-objects.ts";
import { createClient, errorOf, type TestClient } from "../../../test/client.ts";
import { noStorageLimits, tableNames } from "../../../test/content.ts";
import { partsWith, upload } from "../../../test/files.ts";
import { takeErrors } from "../../../test/logs.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { openStream } from "../../../test/stream.ts";
import { ask, chunksOf, endOf, question, readUntil, textOf } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { sweep } from "../../sweep.ts";
import { moveContent } from "./move-content.ts";

const password = "correct horse";
const slow = scriptText({ length: 3_000, sizes: [9], pausesMs: [2] });
const chatIdsOf = async ({ api }: TestClient) =>
  (await api.chats.list.query({})).items.map(({ id }) => id).sort();

async function newAccount() {
  const client = createClient();
  const email = `${newId()}@example.com`;
  const { id } = await client.api.auth.signUp.mutate({ email, password });
  return { client, id, credentials: { email, password } };
}

async function newGuest() {
  const client = createClient();
  const { id } = await client.api.auth.startGuest.mutate();
  return { client, id };
}

/** Asks a question and reads the answer to its end. */
async function answered(client: TestClient, text = "count to 3") {
  const turn = await ask(client, text);
  const end = endOf(chunksOf(await turn.stream.rest()));
  expect(end).toMatchObject({ status: "complete" });
  return turn;
}

const countOf = (table: string, userId: string) =>
  env.CONTENT_0.prepare(`SELECT count(*) AS n FROM ${table} WHERE userId = ?`)
    .bind(userId)
    .first<number>("n");

async function lastAnswer(client: TestClient, chatId: string) {
  return (await client.api.messages.list.query({ chatId })).items.at(-1);
}

test("a guest with three chats, one in mid-answer, logs in: all are in the account, the answer completes, the guest is gone", async () => {
  const account = await newAccount();
  const own = await answered(account.client);
  const guest = await newGuest();
  const first = await answered(guest.client);
  const second = await answered(guest.client, "count to 5");
  await guest.client.api.votes.set.mutate({
    messageId: second.assistantMessageId,
    vote: "up",
  });
  await guest.client.api.chats.setVisibility.mutate({
    chatId: second.chatId,
    visibility: "public",
  });
  const third = await ask(guest.client, slow);
  const begun = await readUntil(third.stream, (events) => events.length >= 3);
  await third.stream.cancel();

  const cookie = guest.client.cookies.get("__Host-session") ?? "";
  const viewer = await guest.client.api.auth.logIn.mutate(account.credentials);
  expect(viewer).toMatchObject({ id: account.id, isGuest: false });
  const all = [own, first, second, third].map(({ chatId }) => chatId).sort();
  for (const client of [guest.client, account.client]) expect(await chatIdsOf(client)).toEqual(all);

  // The answer continues under its new owner, from the point that the guest had seen, on every
  // device.
  const { chatId, streamId, assistantMessageId } = third;
  expect(
    await errorOf(account.client.api.messages.send.mutate(question("x", { chatId }))),
  ).toMatchObject({
    errorCode: "CONFLICT",
  });
  const lastEventId = begun.at(-1)?.id ?? "";
  const rest = await (await openStream(guest.client, { chatId, streamId, lastEventId })).rest();
  const whole = await (await openStream(account.client, { chatId, streamId })).rest();
  expect(endOf(chunksOf(rest))).toMatchObject({ status: "complete" });
  const text = textOf(chunksOf(whole));
  expect(textOf(chunksOf([...begun, ...rest]))).toBe(text);
  await expect
    .poll(() => lastAnswer(account.client, chatId))
    .toMatchObject({ id: assistantMessageId, status: "complete" });
  expect((await lastAnswer(account.client, chatId))?.parts.at(-1)).toMatchObject({ text });
  await expect
    .poll(async () => (await account.client.api.account.usage.query({})).items[0]?.answers)
    .toBe(4);

  // Votes, search and links move too. The chat takes another message, and one more after that.
  const { items } = await account.client.api.votes.list.query({ chatId: second.chatId });
  expect(items).toEqual([{ messageId: second.assistantMessageId, vote: "up" }]);
  const shared = await createClient().api.chats.get.query({ chatId: second.chatId });
  expect(shared).toMatchObject({ id: second.chatId, access: "read" });
  const hits = await account.client.api.chats.search.query({ query: "count 5" });
  expect(hits.items.map((hit) => hit.chatId)).toContain(second.chatId);
  for (const _ of [1, 2]) {
    const next = await ask(account.client, "count to 3", chatId);
    expect(endOf(chunksOf(await next.stream.rest()))).toMatchObject({ status: "complete" });
  }

  // No row of the guest's is left, and the guest's cookie opens nothing.
  for (const table of tableNames) expect(await countOf(table, guest.id), table).toBe(0);
  const thief = createClient();
  thief.cookies.set("__Host-session", cookie);
  expect(await thief.api.auth.me.query()).toBeNull();
});

test("signing up for an address that has an account is a login, and carries over like one", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId } = await answered(guest.client);
  await guest.client.api.auth.signUp.mutate(account.credentials);
  expect(await chatIdsOf(account.client)).toEqual([chatId]);
});

test("a wrong password carries nothing, and the guest goes on", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId } = await answered(guest.client);
  const wrong = { ...account.credentials, password: "not my password" };
  expect(await errorOf(guest.client.api.auth.logIn.mutate(wrong))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
  expect(await chatIdsOf(guest.client)).toEqual([chatId]);
  expect(await chatIdsOf(account.client)).toEqual([]);
});

test("logging in twice at once carries everything over once", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId } = await answered(guest.client);
  const cookie = guest.client.cookies.get("__Host-session") ?? "";
  const tabs = [createClient(), createClient()];
  for (const tab of tabs) tab.cookies.set("__Host-session", cookie);
  await Promise.all(tabs.map((tab) => tab.api.auth.logIn.mutate(account.credentials)));
  for (const tab of tabs) expect(await chatIdsOf(tab)).toEqual([chatId]);
  expect((await account.client.api.account.usage.query({})).items[0]?.answers).toBe(1);
});

test("what a crash between the two databases left behind is there with the next request", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId } = await answered(guest.client);
  // The state after home was written, and content was not.
  await env.HOME.prepare("UPDATE users SET carriedToUserId = ? WHERE id = ?")
    .bind(account.id, guest.id)
    .run();
  expect(await countOf("chats", guest.id)).toBe(1);
  const lists = await Promise.all([1, 2, 3].map(() => chatIdsOf(account.client)));
  expect(lists).toEqual([[chatId], [chatId], [chatId]]);
  expect(await countOf("chats", guest.id)).toBe(0);
});

test("content that cannot be written keeps the login, and nothing is lost", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId } = await answered(guest.client);
  // A trigger makes the batch fail when it moves the chat's row.
  await env.CONTENT_0.prepare(
    `CREATE TRIGGER noMove BEFORE UPDATE OF userId ON chats WHEN NEW.userId = '${account.id}'
     BEGIN SELECT RAISE(ABORT, 'This was made to fail.'); END`,
  ).run();
  try {
    await guest.client.api.auth.logIn.mutate(account.credentials);
    expect(takeErrors().map(({ event }) => event)).toEqual(["carry.move_failed"]);
    expect([await countOf("chats", guest.id), await countOf("messages", guest.id)]).toEqual([1, 2]);
    expect(await countOf("usageDays", account.id)).toBe(0);
  } finally {
    await env.CONTENT_0.prepare("DROP TRIGGER noMove").run();
  }
  expect(await chatIdsOf(guest.client)).toEqual([chatId]);
});

test("the object dies after the chat was carried over: the answer ends under the account", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const { chatId, streamId, stream } = await ask(guest.client, slow);
  await readUntil(stream, (events) => events.length >= 3);
  await stream.cancel();
  await guest.client.api.auth.logIn.mutate(account.credentials);
  await crash({ user: { id: guest.id } } as never, chatId);
  const events = await (await openStream(account.client, { chatId, streamId })).rest();
  expect(endOf(chunksOf(events))).toMatchObject({ status: "interrupted" });
  await expect
    .poll(() => lastAnswer(account.client, chatId))
    .toMatchObject({ status: "interrupted" });
  await account.client.api.chats.delete.mutate({ chatId });
  expect(await chatIdsOf(account.client)).toEqual([]);
});

test("what a guest's request wrote late is carried over by the cron", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  await answered(guest.client);
  const late = await answered(guest.client);
  const cookie = guest.client.cookies.get("__Host-session") ?? "";
  await guest.client.api.auth.logIn.mutate(account.credentials);
  // As if the second chat had been written only now.
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare("PRAGMA defer_foreign_keys = ON"),
    env.CONTENT_0.prepare("UPDATE chats SET userId = ?1, objectName = NULL WHERE id = ?2").bind(
      guest.id,
      late.chatId,
    ),
    env.CONTENT_0.prepare("UPDATE messages SET userId = ?1 WHERE chatId = ?2").bind(
      guest.id,
      late.chatId,
    ),
  ]);
  expect(await chatIdsOf(account.client)).not.toContain(late.chatId);
  await sweep(env, createLogger({}), Date.now());
  expect(await chatIdsOf(account.client)).toContain(late.chatId);
  expect(cookie).not.toBe("");
});

test("chats whose ids the account has already come under new ones, whole", async () => {
  const account = await newAccount();
  const guest = await newGuest();
  const chatId = newId();
  const messageId = newId();
  for (const { client } of [account, guest]) {
    const sent = await client.api.messages.send.mutate(
      question("count to 3", { chatId, messageId }),
    );
    await (await openStream(client, { chatId, streamId: sent.streamId })).rest();
    await expect.poll(() => lastAnswer(client, chatId)).toMatchObject({ status: "complete" });
  }
  await guest.client.api.auth.logIn.mutate(account.credentials);
  const ids = await chatIdsOf(account.client);
  expect(ids).toHaveLength(2);
  for (const id of ids) {
    const { items } = await account.client.api.messages.list.query({ chatId: id });
    expect(items.map(({ role }) => role)).toEqual(["user", "assistant"]);
    const next = await ask(account.client, "count to 3", id);
    expect(endOf(chunksOf(await next.stream.rest()))).toMatchObject({ status: "complete" });
  }
});

test("moving what is not there moves nothing", async () => {
  const content = createContentDb(env.CONTENT_0);
  expect(await moveContent(content, newId(), newId(), noStorageLimits)).toEqual([]);
});

test("a guest's files go along, also to an account that has one of them already", async () => {
  const account = await newAccount();
  const known = await upload(account.client, "in both", "a.txt");
  const guest = await newGuest();
  const files = [
    await upload(guest.client, "in both", "b.txt"),
    await upload(guest.client, "the guest's alone", "c.txt"),
  ];
  const chatId = newId();
  const sent = await guest.client.api.messages.send.mutate({
    chatId,
    message: { id: newId(), parts: partsWith("Read these.", ...files) },
  });
  await (await openStream(guest.client, { chatId, streamId: sent.streamId })).rest();
  await guest.client.api.auth.logIn.mutate(account.credentials);
  const { items } = await guest.client.api.uploads.list.query({});
  const uses = items.map(({ id, useCount }) => [id, useCount]);
  expect(uses.sort()).toEqual([[known.id, 0], ...files.map(({ id }) => [id, 1])].sort());
  for (const { id } of files) {
    expect((await account.client.fetch(`/files/${id}`)).status).toBe(200);
  }
  // The files are deleted with the chat, like any user's.
  await account.client.api.chats.delete.mutate({ chatId });
  expect((await account.client.fetch(`/files/${files[1]?.id}`)).status).toBe(404);
  expect((await account.client.fetch(`/files/${known.id}`)).status).toBe(200);
});
