/** Deletions of more than one invocation of the Free plan could ask for. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { countRows, fillContent, tableNames } from "../../../../test/content.ts";
import { runCron } from "../../../../test/cron.ts";
import { createChat, createUser } from "../../../../test/factories.ts";
import { isWorkerDead, setWorkerDeath } from "../../../../test/faults.ts";
import { fileOf, oneChat, oneMessage } from "../../../../test/import-files.ts";
import { countInvocations, freePlan, largest } from "../../../../test/invocations.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { createManyChats } from "../../../../test/many-chats.ts";
import { ask, endlessQuestion, readUntil } from "../../../../test/turns.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { settingsOf } from "../../../platform/settings.ts";

const marksOf = (userId: string) =>
  env.CONTENT_0.prepare("SELECT count(*) AS n FROM goneChats WHERE userId = ?")
    .bind(userId)
    .first<number>("n");

/** How many turns the object of a chat holds. */
const turnsIn = (userId: string, chatId: string) =>
  runInDurableObject(
    chatObject(env, { userId, chatId }),
    (_, { storage }) => storage.sql.exec("SELECT count(*) AS n FROM turns").one().n,
  );

test("1,600 chats are deleted in invocations of at most 50 requests, and none is forgotten", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const { id: userId } = owner.user;
  await createManyChats(owner.user, 1_600);
  await createManyChats(other.user, 3);
  const answered = await ask(owner, "count to 3");
  await answered.stream.rest();
  const live = await ask(owner, endlessQuestion);
  await readUntil(live.stream, (events) => events.length > 2);

  let deletedCount = 0;
  const seen = await countInvocations(async () => {
    ({ deletedCount } = await owner.api.chats.deleteAll.mutate());
  });
  expect(deletedCount).toBe(1_602);
  expect(await owner.api.chats.list.query({})).toMatchObject({ items: [] });
  expect(await countRows(owner.user)).toMatchObject({ chats: 0, messages: 0 });
  expect(await countRows(other.user)).toMatchObject({ chats: 3, messages: 6 });
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  // The answer in progress is ended first, however many chats there are.
  await live.stream.rest();
  expect(await turnsIn(userId, live.chatId)).toBe(0);

  // The cron empties the other objects. Of 1,600, some stand for all.
  expect(await marksOf(userId)).toBeGreaterThan(1_500);
  await env.CONTENT_0.prepare(
    "DELETE FROM goneChats WHERE userId = ? AND objectName BETWEEN ? AND ?",
  )
    .bind(userId, `${userId}/00000000-0000-7000-8000-000000000040`, `${userId}/00000001`)
    .run();
  const cron = await countInvocations(runCron);
  expect(await marksOf(userId)).toBe(0);
  expect(await turnsIn(userId, answered.chatId)).toBe(0);
  expect(largest(cron).subrequests).toBeLessThanOrEqual(freePlan);
});

test("chats of a time in the future are deleted with the others, and come from a file as of now", async () => {
  const owner = await callerFor("owner");
  const later = Date.now() + 10 ** 12;
  await createChat(owner.user, { createdAt: later });
  const times = { createdAt: later, updatedAt: later };
  const document = {
    ...{ id: "d1", kind: "text", title: "Later", language: null, ...times },
    versions: [
      {
        ...{ version: 1, author: "person", status: "complete", messageId: null },
        ...{ restoredFrom: null, baseVersion: null, createdAt: later, content: "later" },
      },
    ],
  };
  const messages = [oneMessage({ createdAt: later, finishedAt: later + 1 })];
  const chat = oneChat(messages, { ...times, pinnedAt: later, documents: [document] });
  const { failures } = await owner.api.chats.import.mutate({
    data: { ...fileOf(chat), documents: [document] },
  });
  expect(failures).toEqual([]);
  const { text } = await owner.api.chats.export.query({ format: "json" });
  const imported = JSON.parse(text).chats.find(
    ({ title }: { title: string }) => title === "From a file",
  );
  const found = JSON.stringify(imported).match(/"(?:\w+At)":\d+/g) ?? [];
  expect(found).toHaveLength(8);
  for (const time of found) expect(Number(time.split(":")[1])).toBeLessThanOrEqual(Date.now());
  const { items } = await owner.api.documents.list.query({});
  expect(items.every(({ updatedAt }) => updatedAt <= Date.now())).toBe(true);
  expect(await owner.api.chats.deleteAll.mutate()).toEqual({ deletedCount: 2 });
  expect(await countRows(owner.user)).toMatchObject({ chats: 0, messages: 0 });
});

test("a worker that dies while it deletes chats leaves what the next deletion and the cron end", async () => {
  const owner = await callerFor("owner");
  await createManyChats(owner.user, 60, 100);
  const answered = await ask(owner, "count to 3");
  await answered.stream.rest();
  let batches = 0;
  setWorkerDeath({
    at: (_, detail) => {
      if (/delete from "chats"/i.test(detail)) batches += 1;
      return batches === 2;
    },
    isAfter: true,
  });
  await owner.api.chats.deleteAll.mutate().catch(() => undefined);
  expect(isWorkerDead()).toBe(true);
  setWorkerDeath(undefined);
  takeErrors();
  const { chats } = await countRows(owner.user);
  expect(chats).toBeGreaterThan(0);
  expect(await marksOf(owner.user.id)).toBe(61 - chats);
  expect(await owner.api.chats.deleteAll.mutate()).toEqual({ deletedCount: chats });
  await runCron();
  expect(await marksOf(owner.user.id)).toBe(0);
  expect(await turnsIn(owner.user.id, answered.chatId)).toBe(0);
});

test("an object that cannot be reached is asked again later, and a chat that came back keeps its own", async () => {
  const owner = await callerFor("owner");
  const { id: userId } = owner.user;
  await createManyChats(owner.user, 1);
  const real = env.CHAT;
  const purge = () => Promise.reject(new Error("the object is away"));
  env.CHAT = { idFromName: () => "id", get: () => ({ purge }) } as unknown as typeof env.CHAT;
  const chatId = "00000000-0000-7000-8000-000000000000";
  await owner.api.chats.delete.mutate({ chatId });
  env.CHAT = real;
  expect(takeErrors()).toMatchObject([{ event: "chats.object_not_purged" }]);
  await runCron();
  expect(await marksOf(userId)).toBe(1);
  await env.CONTENT_0.prepare("UPDATE goneChats SET dueAt = 1 WHERE userId = ?").bind(userId).run();
  // The same chat, as an imported file brings it back.
  await createManyChats(owner.user, 1);
  const again = await ask(owner, "count to 3", chatId);
  await again.stream.rest();
  await runCron();
  expect(await turnsIn(userId, chatId)).toBe(1);
  await owner.api.chats.delete.mutate({ chatId });
  expect([await turnsIn(userId, chatId), await marksOf(userId)]).toEqual([0, 0]);
});

test("a user whose chat's object is away, and has a chat from the future, is deleted when it is back", async () => {
  const [admin, user] = [await callerFor("admin"), await createUser()];
  await createManyChats(user, 1);
  await createChat(user, { createdAt: Date.now() + 10 ** 12 });
  const remove = () =>
    admin.api.admin.users.delete.mutate({ userId: user.id, confirmation: user.email ?? "" });
  const real = env.CHAT;
  const purge = () => Promise.reject(new Error("the object is away"));
  env.CHAT = { idFromName: () => "id", get: () => ({ purge }) } as unknown as typeof env.CHAT;
  try {
    expect((await errorOf(remove())).errorCode).toBe("INTERNAL");
  } finally {
    env.CHAT = real;
  }
  takeErrors();
  await remove();
  for (const [table, count] of Object.entries(await countRows(user))) expect(count, table).toBe(0);
});

test("a user with many chats, files and streams is deleted in invocations of at most 50 requests", async () => {
  const [admin, user] = [await callerFor("admin"), await createUser()];
  await fillContent(user);
  await createManyChats(user, 120);
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare(
      `INSERT INTO uploads (userId, id, name, mediaType, bytes, sha256, state, createdAt, r2UploadId)
        SELECT userId, 'gone-' || id, 'a', 'text/plain', 1, id, 'deleting', 1,
          iif(id LIKE '%0', 'cut-off', NULL)
        FROM chats WHERE userId = ?`,
    ).bind(user.id),
    env.CONTENT_0.prepare(
      "INSERT INTO openStreams (userId, path, createdAt) SELECT userId, id, 1 FROM chats WHERE userId = ? LIMIT 60",
    ).bind(user.id),
  ]);
  const seen = await countInvocations(() =>
    admin.api.admin.users.delete.mutate({ userId: user.id, confirmation: user.email ?? "" }),
  );
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  expect(seen.filter(({ name }) => name === "JobObject.deleteSomeContent").length).toBeGreaterThan(
    5,
  );
  for (const [table, count] of Object.entries(await countRows(user))) expect(count, table).toBe(0);
});

test("unused guests with many chats are deleted in invocations of at most 50 requests", async () => {
  const createdAt = Date.now() - settingsOf(env).kept.guestMs - 60_000;
  const guests = [];
  for (let number = 0; number < 4; number += 1) {
    const guest = await createUser({ email: null, createdAt });
    await fillContent(guest);
    await createManyChats(guest, 25);
    guests.push(guest);
  }
  const seen = await countInvocations(runCron);
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  for (const guest of guests) {
    const rows = await countRows(guest);
    expect(rows).toEqual(Object.fromEntries(tableNames.map((table) => [table, 0])));
  }
});
