/** Attacks on the limits of what one person may store, by every door through which content comes. */
import { env } from "cloudflare:workers";
import { createHomeDb, type LimitName } from "db";
import { demoPassword } from "db/factories";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createLimit, createMessage, createUser } from "../../../test/factories.ts";
import { upload } from "../../../test/files.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { recount, storageUse, untilAllEnded } from "../../../test/storage-use.ts";
import { openStream } from "../../../test/stream.ts";
import { newStream } from "../../../test/streams.ts";
import { question } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";
import { usedBytesOf } from "./storage.ts";

const home = createHomeDb(env.HOME);
const answerMaxBytes = 950_000;

afterEach(async () => {
  await home.kysely.deleteFrom("ownerLimits").execute();
});

async function setLimit(userId: string, name: LimitName, value: number): Promise<void> {
  await home.kysely.deleteFrom("ownerLimits").where("userId", "=", userId).execute();
  await createLimit({ userId }, name, value);
}

const usedBytes = async ({ user }: Pick<Caller, "user">) => usedBytesOf(await storageUse(user.id));

/** Leaves an owner with so many free bytes. */
async function leaveBytes({ user }: Pick<Caller, "user">, free: number): Promise<number> {
  const max = (await usedBytes({ user })) + free;
  await setLimit(user.id, "storageMaxBytes", max);
  return max;
}

async function leaveMessages({ user }: Pick<Caller, "user">, free: number): Promise<number> {
  const max = (await storageUse(user.id)).messages + free;
  await setLimit(user.id, "storageMaxMessages", max);
  return max;
}

/** Content that a test starts with: a chat with a question and a finished answer. */
async function newChat(owner: Caller) {
  const turn = await owner.api.messages.send.mutate(question("count to 3"));
  await (await openStream(owner, turn)).rest();
  await untilAllEnded(owner.user.id);
  return turn;
}

const textFile = (text: string) =>
  fileOf(oneChat([oneMessage({ parts: [{ type: "text", text }] })]));

const full = { errorCode: "TOO_LARGE", httpStatus: 413, limit: "storage" };

/** Every call that adds content, by a user with a chat and without room. */
const doors: Record<string, (owner: Caller, chatId: string) => Promise<unknown>> = {
  send: ({ api }) => api.messages.send.mutate(question("count to 3")),
  async edit({ api }, chatId) {
    const { items } = await api.messages.list.query({ chatId });
    await api.messages.send.mutate({
      ...question("count to 4", { chatId }),
      parentId: items[0]?.parentId ?? null,
    });
  },
  async regenerate({ api }, chatId) {
    const { items } = await api.messages.list.query({ chatId });
    await api.messages.regenerate.mutate({ chatId, messageId: items[0]?.id ?? "" });
  },
  fork: ({ api }, chatId) => api.chats.fork.mutate({ chatId }),
  upload: (owner) => upload(owner, newId(), "a.txt"),
};

test.each(Object.keys(doors))("nothing is added to a full storage by %s", async (door) => {
  const owner = await callerFor("owner");
  const { chatId } = await newChat(owner);
  const max = await leaveBytes(owner, 0);
  const before = await storageUse(owner.user.id);
  // One byte over: a storage with none left takes no turn either.
  await setLimit(owner.user.id, "storageMaxBytes", max - 1);
  const { messages: used } = (await owner.api.account.usage.query({})).today;
  expect(await errorOf(doors[door]?.(owner, chatId) ?? Promise.resolve())).toMatchObject(full);
  expect(await storageUse(owner.user.id)).toEqual(before);
  expect(await recount(owner.user.id)).toEqual(before);
  const { today, storage } = await owner.api.account.usage.query({});
  expect(today.messages.used, "a refused turn does not count").toBe(used.used);
  expect(storage).toMatchObject({ usedBytes: max, maxBytes: max - 1, messages: before.messages });
  // Deleting makes room.
  await owner.api.chats.delete.mutate({ chatId });
  expect(await usedBytes(owner)).toBe(0);
  await owner.api.messages.send.mutate(question("count to 3"));
});

test.each(["send", "edit", "regenerate", "fork"])(
  "no message is added over their number by %s",
  async (door) => {
    const owner = await callerFor("owner");
    const { chatId } = await newChat(owner);
    await leaveMessages(owner, 0);
    const error = await errorOf(doors[door]?.(owner, chatId) ?? Promise.resolve());
    expect(error).toMatchObject({ ...full, message: expect.stringMatching(/up to 2 messages/) });
    expect((await recount(owner.user.id)).messages).toBe(2);
  },
);

test("an interrupted answer is not continued in a full storage", async () => {
  const owner = await callerFor("owner");
  const turn = await owner.api.messages.send.mutate(
    question(scriptText({ length: 6, sizes: [3], end: "error" })),
  );
  await (await openStream(owner, turn)).rest();
  await untilAllEnded(owner.user.id);
  await leaveBytes(owner, 0);
  const max = await usedBytes(owner);
  await setLimit(owner.user.id, "storageMaxBytes", max - 1);
  const { chatId, assistantMessageId: messageId } = turn;
  const go = () => owner.api.messages.continue.mutate({ chatId, messageId });
  expect(await errorOf(go())).toMatchObject(full);
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
  await leaveBytes(owner, 0);
  await go();
  await untilAllEnded(owner.user.id);
});

test("an import that does not fit says so, chat by chat, and leaves nothing", async () => {
  const owner = await callerFor("owner");
  const max = await leaveBytes(owner, 50_000);
  const [small, large] = ["a".repeat(1_000), "b".repeat(60_000)].map((text) => textFile(text));
  const chats = [large, small, large].flatMap((file) => file?.chats ?? []);
  const { imported, failures } = await owner.api.chats.import.mutate({ data: fileOf(...chats) });
  expect(imported.map(({ index }) => index)).toEqual([1]);
  expect(failures.map(({ index, limit }) => [index, limit])).toEqual([
    [0, "storage"],
    [2, "storage"],
  ]);
  expect(await usedBytes(owner)).toBeLessThanOrEqual(max);
  expect(await recount(owner.user.id)).toMatchObject({ chats: 1, messages: 1 });
});

test("a chat of several batches that outgrows the storage on its way is undone", async () => {
  const owner = await callerFor("owner");
  const messages = Array.from({ length: 8 }, (_, index) =>
    oneMessage({ id: `m${index}`, parts: [{ type: "text", text: "x".repeat(100_000) }] }),
  );
  // Too little by the bytes beside the text, which only the last batch knows.
  await leaveBytes(owner, 800_100);
  const { failures } = await owner.api.chats.import.mutate({ data: fileOf(oneChat(messages)) });
  expect(failures).toMatchObject([{ limit: "storage" }]);
  expect(await recount(owner.user.id)).toMatchObject({ chats: 0, messages: 0, textBytes: 0 });
  expect(await usedBytes(owner)).toBe(0);
});

test("empty chats count too", async () => {
  const owner = await callerFor("owner");
  await leaveMessages(owner, 3);
  const chats = Array.from({ length: 10 }, () => oneChat([]));
  const { imported, failures } = await owner.api.chats.import.mutate({ data: fileOf(...chats) });
  expect([imported.length, failures.length]).toEqual([3, 7]);
});

test("a shared chat that is copied again and again ends at the reader's limit", async () => {
  const author = await callerFor("owner");
  const chat = await createChat(author.user, { visibility: "public" });
  await createMessage(author.user, chat, { text: "x".repeat(200_000) });
  await author.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  const guest = await callerFor("guest");
  const max = await leaveBytes(guest, 700_000);
  const forks = Array.from({ length: 6 }, () => guest.api.chats.fork.mutate({ chatId: chat.id }));
  const results = await Promise.allSettled(forks);
  expect(results.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(3);
  // Those that had to wait too long try again.
  for (let round = 0; round < 3; round += 1) {
    await guest.api.chats.fork.mutate({ chatId: chat.id }).catch(() => undefined);
  }
  expect((await recount(guest.user.id)).chats).toBe(3);
  expect(await usedBytes(guest)).toBeLessThanOrEqual(max);
});

test("fifty turns at once at the edge exceed the limit by one answer at most", async () => {
  const owner = await callerFor("owner");
  const max = await leaveBytes(owner, 100);
  const sends = Array.from({ length: 50 }, () =>
    owner.api.messages.send.mutate(question("count to 3")),
  );
  const results = await Promise.allSettled(sends);
  const started = results.filter(({ status }) => status === "fulfilled");
  // What an answer may add is kept free, so the second one does not fit while the first is written.
  expect(started).toHaveLength(1);
  await untilAllEnded(owner.user.id);
  expect(await usedBytes(owner)).toBeLessThanOrEqual(max + answerMaxBytes);
  expect(await recount(owner.user.id)).toMatchObject({ messages: 2 });
});

test("fifty turns at once never exceed the number of messages", async () => {
  const owner = await callerFor("owner");
  const max = await leaveMessages(owner, 9);
  const sends = Array.from({ length: 50 }, () =>
    owner.api.messages.send.mutate(question("count to 3")),
  );
  await Promise.allSettled(sends);
  await untilAllEnded(owner.user.id);
  expect((await recount(owner.user.id)).messages).toBe(max - 1);
});

test("an answer that began before the storage was full is kept whole", async () => {
  const owner = await callerFor("owner");
  const max = await leaveBytes(owner, 1_000_000);
  const turn = await owner.api.messages.send.mutate(question("count to 60"));
  const isFull = (await owner.api.account.usage.query({})).storage.usedBytes;
  await setLimit(owner.user.id, "storageMaxBytes", isFull);
  await (await openStream(owner, turn)).rest();
  await untilAllEnded(owner.user.id);
  const { items } = await owner.api.messages.list.query({ chatId: turn.chatId });
  expect(items.at(-1)).toMatchObject({ status: "complete" });
  expect(JSON.stringify(items.at(-1)?.parts)).toContain("60");
  expect(await usedBytes(owner)).toBeLessThan(max);
});

test("open streams count what they hold, and are refused when the storage is full", async () => {
  const stream = await newStream();
  const { owner } = stream;
  await leaveBytes(owner, 200_000);
  expect((await stream.put("a".repeat(60_000))).status).toBe(201);
  expect(await usedBytes(owner)).toBe(64 * 1024);
  expect((await stream.post("b".repeat(60_000))).status).toBe(204);
  expect(await usedBytes(owner)).toBe(128 * 1024);
  const refused = await stream.post("c".repeat(100_000));
  expect([refused.status, await refused.text()]).toEqual([
    413,
    expect.stringContaining("Not enough storage"),
  ]);
  // Nothing of the refused append is there, and a smaller one fits.
  expect((await (await stream.get()).text()).length).toBe(120_000);
  expect((await stream.post("d".repeat(10_000))).status).toBe(204);
  const other = await stream.program.fetch(`/v1/stream/${newId()}`, {
    method: "PUT",
    headers: { "content-type": "text/plain" },
    body: "e".repeat(100_000),
  });
  expect(other.status).toBe(413);
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
  await stream.remove();
  expect(await usedBytes(owner)).toBe(0);
});

test("appends at once are never more than the storage has room for, and keep their order", async () => {
  const stream = await newStream();
  const { owner } = stream;
  const max = await leaveBytes(owner, 1024 * 1024);
  await stream.put();
  const posts = Array.from({ length: 40 }, (_, index) =>
    stream.post(String(index % 10).repeat(50_000), {
      "producer-id": "p",
      "producer-epoch": "0",
      "producer-seq": String(index),
    }),
  );
  const statuses = (await Promise.all(posts)).map(({ status }) => status);
  const taken = 20;
  // The one that finds the storage full leaves a gap, so those after it are out of order.
  const expected = [...Array(taken).fill(200), 413, ...Array(posts.length - taken - 1).fill(409)];
  expect(statuses).toEqual(expected);
  expect(await usedBytes(owner)).toBeLessThanOrEqual(max);
  const text = await (await stream.get()).text();
  expect(text.length).toBe(taken * 50_000);
});

test("guests' chats wait for room in a full account, and come when there is some", async () => {
  const account = await callerFor("owner");
  const { chatId } = await newChat(account);
  const max = await leaveBytes(account, 100);
  const guest = await callerAs(await createUser({ email: null }));
  const theirs = await newChat(guest);
  const before = await storageUse(guest.user.id);
  const { email } = account.user;
  await guest.api.auth.logIn.mutate({ email: email ?? "", password: demoPassword });
  // The guest's browser is the account's now.
  expect((await guest.api.account.usage.query({})).hasWaitingChats).toBe(true);
  expect(await usedBytes(account)).toBeLessThanOrEqual(max);
  expect((await guest.api.chats.list.query({})).items.map(({ id }) => id)).toEqual([chatId]);
  expect(await storageUse(guest.user.id)).toEqual(before);
  await guest.api.chats.delete.mutate({ chatId });
  expect((await guest.api.chats.list.query({})).items.map(({ id }) => id)).toEqual([theirs.chatId]);
  expect((await guest.api.account.usage.query({})).hasWaitingChats).toBe(false);
  expect(await storageUse(account.user.id)).toEqual(before);
  expect(await recount(account.user.id)).toEqual(before);
});

test("deleting everything leaves a counter of nothing", async () => {
  const stream = await newStream();
  const { owner } = stream;
  await stream.put("a");
  await newChat(owner);
  await upload(owner, newId(), "a.txt");
  await owner.api.chats.import.mutate({ data: textFile("hello") });
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
  await owner.api.chats.deleteAll.mutate();
  await stream.remove();
  const { items } = await owner.api.uploads.list.query({});
  for (const { id } of items) await owner.api.uploads.delete.mutate({ uploadId: id });
  const nothing = { chats: 0, messages: 0, openAnswers: 0, textBytes: 0, fileBytes: 0 };
  expect(await storageUse(owner.user.id)).toEqual({ ...nothing, streamBytes: 0 });
});
