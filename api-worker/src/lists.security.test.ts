import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { anonymous, type Caller, callerFor } from "../test/callers.ts";
import { errorOf, refusalOf } from "../test/client.ts";
import { createChat, createMessage } from "../test/factories.ts";
import { limits } from "./contracts/limits.ts";
import type { MessageOutput } from "./contracts/messages.ts";

const batchOf = (path: string, count: number, input: unknown) => {
  const inputs = Object.fromEntries(Array.from({ length: count }, (_, index) => [index, input]));
  const paths = Array(count).fill(path).join(",");
  return `/trpc/${paths}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
};

/** A public chat of long messages. */
async function longChat(owner: Caller, count: number, length: number) {
  const chat = await createChat(owner.user, { visibility: "public" });
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const { id } = await createMessage(owner.user, chat, {
      parentId: ids.at(-1) ?? null,
      parts: JSON.stringify([{ type: "text", text: "é".repeat(length / 2) }]),
    });
    ids.push(id);
  }
  await owner.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  return { chatId: chat.id, ids };
}

test("one request has 20 calls at most, however its commas are written", async () => {
  const stranger = anonymous();
  const many = await stranger.fetch(batchOf("auth.me", limits.batchCallsMax, undefined));
  expect(await many.json()).toHaveLength(limits.batchCallsMax);
  const path = batchOf("auth.me", limits.batchCallsMax + 1, undefined);
  for (const written of [path, path.replaceAll(",", "%2C"), path.replaceAll(",", "%2c")]) {
    const response = await stranger.fetch(written);
    expect(await refusalOf(response)).toEqual({
      status: 400,
      code: "INVALID",
      message: "A request can have up to 20 calls.",
    });
  }
});

test("a page of long messages ends by its bytes, and the pages together have all of them", async () => {
  const owner = await callerFor("owner");
  const { chatId, ids } = await longChat(owner, 12, 200_000);
  for (const reader of [owner, anonymous()]) {
    const seen: MessageOutput[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: MessageOutput[]; nextCursor: string | null } =
        await reader.api.messages.list.query({ chatId, cursor, limit: 200 });
      const bytes = new TextEncoder().encode(JSON.stringify(page.items.map(({ parts }) => parts)));
      expect(bytes.length).toBeLessThan(limits.messagesPageMaxBytes + 1_000);
      expect(page.items).toHaveLength(2);
      seen.unshift(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.map(({ id }) => id)).toEqual(ids);
  }
});

test("a message longer than a page is a page of its own", async () => {
  const owner = await callerFor("owner");
  const { chatId, ids } = await longChat(owner, 3, limits.messagesPageMaxBytes + 100_000);
  const page = await owner.api.messages.list.query({ chatId });
  expect(page.items.map(({ id }) => id)).toEqual(ids.slice(-1));
  expect(page.nextCursor).toBe(ids[1]);
});

test("a full batch of a stranger’s page requests stays small", async () => {
  const { chatId } = await longChat(await callerFor("owner"), 40, 100_000);
  const path = batchOf("messages.list", limits.batchCallsMax, { chatId, limit: 200 });
  const response = await anonymous().fetch(path);
  const { byteLength } = await response.arrayBuffer();
  expect(response.status).toBe(200);
  expect(byteLength).toBeLessThan(limits.batchCallsMax * (limits.messagesPageMaxBytes + 10_000));
});

test("reads of shared chats and files count by the reader’s address", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await longChat(owner, 1, 100);
  const keys: string[] = [];
  const counted = vi.spyOn(env.READ_BY_ADDRESS, "limit");
  counted.mockImplementation(async ({ key }) => {
    keys.push(key);
    return { success: keys.length <= 3 };
  });
  const reader = anonymous({ address: "2001:db8:1:2::5" });
  await reader.api.chats.get.query({ chatId });
  await reader.api.messages.list.query({ chatId });
  await reader.fetch(`/files/${crypto.randomUUID()}`);
  for (const call of [
    reader.api.chats.get.query({ chatId }),
    reader.api.messages.list.query({ chatId }),
  ]) {
    expect(await errorOf(call)).toMatchObject({
      errorCode: "RATE_LIMITED",
      retryAfterSeconds: 60,
    });
  }
  const file = await reader.fetch(`/files/${crypto.randomUUID()}`);
  expect(await refusalOf(file)).toMatchObject({ status: 429, code: "RATE_LIMITED" });
  const batch = await reader.fetch(batchOf("messages.list", 5, { chatId }));
  expect(batch.status).toBe(429);
  expect(keys).toEqual(Array(11).fill("2001:db8:1:2::/64"));
  // The owner's own reads do not count.
  await owner.api.messages.list.query({ chatId });
  await owner.api.chats.get.query({ chatId });
  expect(keys).toHaveLength(11);
  counted.mockRestore();
});

test("600 reads a minute are let through, and a flood is not", async () => {
  const { chatId } = await longChat(await callerFor("owner"), 1, 100);
  const reader = anonymous();
  const statuses: number[] = [];
  // The platform counts by the minute of the wall clock, so two windows may pass.
  for (let sent = 0; sent < 1_220 && !statuses.includes(429); sent += limits.batchCallsMax) {
    const path = batchOf("chats.get", limits.batchCallsMax, { chatId });
    const calls = await (await reader.fetch(path)).json<{ error?: { data: unknown } }[]>();
    for (const { error } of calls) statuses.push(error ? 429 : 200);
  }
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(600);
  expect(statuses).toContain(429);
});
