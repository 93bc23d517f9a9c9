/** Attacks by copying chats: what a small request may make the server read and write. */
import { env } from "cloudflare:workers";
import { runBatch } from "db";
import { messageRow } from "db/factories";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat } from "../../../test/factories.ts";
import { setWorkerDeath } from "../../../test/faults.ts";
import { limits } from "../../contracts/limits.ts";
import { contentFor } from "../../platform/content.ts";
import { newId } from "../../platform/ids.ts";

/** A public chat of one branch. */
async function publicChat(owner: Caller, count: number, text: string): Promise<string> {
  const { id: chatId } = await createChat(owner.user, { visibility: "public" });
  const content = contentFor(env, owner.user);
  const ids = Array.from({ length: count }, newId);
  const rows = ids.map((id, index) =>
    messageRow({
      id,
      userId: owner.user.id,
      chatId,
      parentId: ids[index - 1] ?? null,
      role: index % 2 === 0 ? "user" : "assistant",
      parts: JSON.stringify([{ type: "text", text: `${index} ${text}` }]),
      createdAt: index + 1,
    }),
  );
  const { kysely } = content;
  for (let from = 0; from < rows.length; from += 5) {
    const inserts = rows
      .slice(from, from + 5)
      .map((row) => kysely.insertInto("messages").values(row));
    await runBatch(content, inserts);
  }
  await kysely
    .updateTable("chats")
    .set({ currentMessageId: ids.at(-1) ?? null })
    .where("userId", "=", owner.user.id)
    .where("id", "=", chatId)
    .execute();
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  return chatId;
}

async function partsOf({ api }: Caller, chatId: string): Promise<unknown[]> {
  const parts: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.messages.list.query>> = await api.messages.list.query(
      { chatId, cursor, limit: 200 },
    );
    parts.unshift(...page.items.map((item) => item.parts));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return parts;
}

test("the largest branch is copied whole, in steps, with at most 50 queries", async () => {
  const [author, reader] = [await callerFor("owner"), await callerFor("anotherUser")];
  const chatId = await publicChat(author, 12, "x".repeat(940_000));
  const counts: number[] = [];
  setWorkerDeath({
    at: (step, _, count) => {
      if (step === "d1") counts.push(count);
      return false;
    },
    isAfter: false,
  });
  const copy = await reader.api.chats.fork.mutate({ chatId });
  setWorkerDeath(undefined);
  const queries = counts.reduce((sum, count) => sum + count, 0);
  expect(queries).toBeGreaterThan(20);
  expect(queries).toBeLessThanOrEqual(50);
  expect(await partsOf(reader, copy.id)).toEqual(await partsOf(author, chatId));
});

test("a branch that is too long is refused before any of it is read", async () => {
  const [author, reader] = [await callerFor("owner"), await callerFor("anotherUser")];
  const chatId = await publicChat(author, 14, "x".repeat(940_000));
  expect(14 * 940_000).toBeGreaterThan(limits.forkMaxBytes);
  const error = await errorOf(reader.api.chats.fork.mutate({ chatId }));
  expect(error).toMatchObject({
    errorCode: "TOO_LARGE",
    message: "This chat is too long to copy.",
  });
  expect((await reader.api.chats.list.query({})).items).toEqual([]);
});

test("a reader copies up to a shown message only, also by an id of a hidden version", async () => {
  const [author, reader] = [await callerFor("owner"), await callerFor("anotherUser")];
  const chatId = await publicChat(author, 4, "hello");
  const { items } = await author.api.messages.list.query({ chatId });
  const content = contentFor(env, author.user);
  const hidden = messageRow({
    id: newId(),
    userId: author.user.id,
    chatId,
    parentId: items[0]?.id ?? null,
    role: "assistant",
    parts: JSON.stringify([{ type: "text", text: "hidden" }]),
    createdAt: 99,
  });
  await content.kysely.insertInto("messages").values(hidden).execute();
  const fork = (messageId: string) => reader.api.chats.fork.mutate({ chatId, messageId });
  expect(await errorOf(fork(hidden.id))).toMatchObject({ errorCode: "NOT_FOUND" });
  const copy = await fork(items[1]?.id ?? "");
  expect(await partsOf(reader, copy.id)).toEqual(items.slice(0, 2).map(({ parts }) => parts));
  const own = await author.api.chats.fork.mutate({ chatId, messageId: hidden.id });
  expect(await partsOf(author, own.id)).toHaveLength(2);
});
