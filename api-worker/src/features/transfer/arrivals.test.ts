/** Chats that are too large for one batch. */
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { runCron } from "../../../test/cron.ts";
import { isWorkerDead, setWorkerDeath } from "../../../test/faults.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { takeErrors } from "../../../test/logs.ts";
import { newId } from "../../platform/ids.ts";
import { arrivalMaxMs } from "./insert-chat.ts";

afterEach(() => setWorkerDeath(undefined));

const messageCount = 40;

/** A file with one chat of several batches, whose messages come before their parents. */
function largeFile() {
  const ids = Array.from({ length: messageCount }, () => newId());
  const messages = ids.map((id, index) =>
    oneMessage({
      id,
      parentId: ids[index - 1] ?? null,
      role: index % 2 === 0 ? "user" : "assistant",
      parts: [{ type: "text", text: `walrus ${"x".repeat(20_000)}` }],
      vote: index === 1 ? "up" : null,
      createdAt: 1 + index,
    }),
  );
  const fields = { title: "Walrus", pinnedAt: 5, currentMessageId: ids.at(-1) };
  return { messages, file: fileOf(oneChat([...messages].reverse(), fields)) };
}

/** Lets the worker die at the batch of a large chat's messages with this number, from 0. */
function dieAt(batch: number, isAfter: boolean): void {
  let seen = -1;
  setWorkerDeath({
    at: (step, detail) => {
      if (step !== "d1" || !/INSERT INTO messages|SET "arrivingSince"/i.test(detail)) return false;
      seen += 1;
      return seen === batch;
    },
    isAfter,
  });
}

const rowsOf = async (table: "chats" | "messages", { user }: Caller) =>
  env.CONTENT_0.prepare(`SELECT count(*) AS n FROM ${table} WHERE userId = ?`)
    .bind(user.id)
    .first<number>("n");

/** All that the owner can see of chats. */
async function seenBy({ api }: Caller) {
  const { items } = await api.chats.list.query({});
  const { text } = await api.chats.export.query({ format: "json" });
  const hits = await api.chats.search.query({ query: "walrus" });
  return {
    listed: items.length,
    exported: JSON.parse(text).chats.length,
    found: hits.items.length > 0,
  };
}

const nothing = { listed: 0, exported: 0, found: false };

test("a chat of many batches is imported whole, with its votes, its pin and its order", async () => {
  const owner = await callerFor("owner");
  const { imported, failures } = await owner.api.chats.import.mutate({ data: largeFile().file });
  expect(failures).toEqual([]);
  expect(imported).toMatchObject([{ messageCount }]);
  expect(await seenBy(owner)).toEqual({ listed: 1, exported: 1, found: true });
  const [chat] = (await owner.api.chats.list.query({ pinned: true })).items;
  expect(chat).toMatchObject({ title: "Walrus", pinnedAt: 5 });
  const { items } = await owner.api.messages.list.query({ chatId: chat?.id ?? "" });
  expect(items.at(-1)?.id).toBe(chat?.currentMessageId);
  expect(await rowsOf("messages", owner)).toBe(messageCount);
});

test("the largest chat takes at most 50 queries, which the Free plan allows a request", async () => {
  const owner = await callerFor("owner");
  const { messages, file } = largeFile();
  const text = "x".repeat(380_000);
  for (const message of messages) message.parts = [{ type: "text", text }];
  let queries = 0;
  setWorkerDeath({
    at: (step, _, count) => {
      if (step === "d1") queries += count;
      return false;
    },
    isAfter: false,
  });
  const { failures } = await owner.api.chats.import.mutate({ data: file });
  setWorkerDeath(undefined);
  expect(failures).toEqual([]);
  expect(queries).toBeGreaterThan(20);
  expect(queries).toBeLessThanOrEqual(50);
});

// The chat takes six batches: five with messages, and the last.
test.each([
  [1, false],
  [3, true],
  [5, false],
] as const)(
  "a worker that dies at batch %i (after it: %s) leaves nothing that is seen",
  async (batch, isAfter) => {
    const owner = await callerFor("owner");
    const input = { data: largeFile().file, importId: newId() };
    dieAt(batch, isAfter);
    await errorOf(owner.api.chats.import.mutate(input)).catch(() => undefined);
    expect(isWorkerDead()).toBe(true);
    setWorkerDeath(undefined);
    takeErrors();
    expect(await rowsOf("chats", owner)).toBe(1);
    expect(await seenBy(owner)).toEqual(nothing);
    const [{ id: chatId } = { id: "" }] = (
      await env.CONTENT_0.prepare("SELECT id FROM chats WHERE userId = ?")
        .bind(owner.user.id)
        .all<{ id: string }>()
    ).results;
    for (const call of [
      () => owner.api.chats.get.query({ chatId }),
      () => owner.api.messages.list.query({ chatId }),
      () => owner.api.chats.export.query({ chatId, format: "json" }),
    ]) {
      expect((await errorOf(call())).errorCode).toBe("NOT_FOUND");
    }

    // The same import again is complete, beside the remains of the first.
    const { imported, failures } = await owner.api.chats.import.mutate(input);
    expect([imported.length, failures]).toEqual([1, []]);
    expect(await seenBy(owner)).toEqual({ listed: 1, exported: 1, found: true });

    await runCron();
    expect(await rowsOf("chats", owner)).toBe(2);
    await env.CONTENT_0.prepare("UPDATE chats SET arrivingSince = arrivingSince - ? WHERE id = ?")
      .bind(arrivalMaxMs + 1_000, chatId)
      .run();
    await runCron();
    expect(await rowsOf("chats", owner)).toBe(1);
    expect(await rowsOf("messages", owner)).toBe(messageCount);
  },
);

test("a batch that is refused takes back those before it, and says so", async () => {
  const owner = await callerFor("owner");
  setWorkerDeath({
    at: (_, detail) => /SET "arrivingSince"/i.test(detail),
    isAfter: false,
    isSurvived: true,
  });
  const { imported, failures } = await owner.api.chats.import.mutate({ data: largeFile().file });
  expect([imported, failures.length]).toEqual([[], 1]);
  setWorkerDeath(undefined);
  takeErrors();
  expect(await rowsOf("chats", owner)).toBe(0);
  expect(await rowsOf("messages", owner)).toBe(0);
});

test("the same large import twice at once is one chat", async () => {
  const owner = await callerFor("owner");
  const input = { data: largeFile().file, importId: newId() };
  const results = await Promise.all([
    owner.api.chats.import.mutate(input),
    owner.api.chats.import.mutate(input),
  ]);
  expect(results.map(({ failures }) => failures)).toEqual([[], []]);
  expect(new Set(results.map(({ imported }) => imported[0]?.chatId)).size).toBe(1);
  expect(await rowsOf("chats", owner)).toBe(1);
  expect(await rowsOf("messages", owner)).toBe(messageCount);
});
