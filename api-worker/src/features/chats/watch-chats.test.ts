import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import type { TestClient } from "../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import { openSubscription } from "../../../test/stream.ts";
import { ask } from "../../../test/turns.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { newId } from "../../platform/ids.ts";
import { userObject } from "../../platform/user-object.ts";

/** Opens a page that watches the chats, and reads its first news: the snapshot. */
async function watch(client: TestClient) {
  const stream = await openSubscription<ChatNews>(client, "chats.watch", undefined);
  const next = async () => (await stream.next())?.data;
  return { snapshot: await next(), next, close: () => stream.cancel() };
}

test("every page of a user gets news of a renamed and a deleted chat, and other users do not", async () => {
  const user = await createUser();
  const [first, second] = [await callerAs(user), await callerAs(user)];
  const stranger = await callerFor("anotherUser");
  const chat = await createChat(user);
  const pages = [await watch(first), await watch(second)];
  const strangersPage = await watch(stranger);
  expect(pages[0]?.snapshot).toEqual({ type: "snapshot", generatingChatIds: [] });

  await first.api.chats.rename.mutate({ chatId: chat.id, title: "Renamed" });
  await second.api.chats.delete.mutate({ chatId: chat.id });
  await first.api.chats.deleteAll.mutate();
  await stranger.api.chats.deleteAll.mutate();
  for (const page of pages) {
    expect(await page.next()).toEqual({ type: "titled", chatId: chat.id, title: "Renamed" });
    expect(await page.next()).toEqual({ type: "deleted", chatId: chat.id });
    expect(await page.next()).toEqual({ type: "all-deleted" });
    await page.close();
  }
  // The first news are their own, so no news of other users came before.
  expect(await strangersPage.next()).toEqual({ type: "all-deleted" });
  await strangersPage.close();
});

test("an answer's start, its title and its end are told, the end when the lists have it", async () => {
  const owner = await callerFor("owner");
  const page = await watch(owner);
  const { chatId, streamId, stream } = await ask(owner, "Tell me about the sea");
  const heard = [await page.next(), await page.next(), await page.next()];
  expect(heard[0]).toEqual({ type: "turn-started", chatId, streamId });
  expect(heard[1]).toEqual({ type: "titled", chatId, title: expect.any(String) });
  expect(heard[2]).toEqual({ type: "turn-ended", chatId, streamId, status: "complete" });
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items.at(-1)?.status).toBe("complete");
  expect((await watch(owner)).snapshot).toMatchObject({ generatingChatIds: [] });
  await stream.rest();
  await page.close();
});

test("the snapshot names the chats in which an answer is under way", async () => {
  const owner = await callerFor("owner");
  const [quiet, busy] = [await createChat(owner.user), await createChat(owner.user)];
  await createMessage(owner.user, quiet);
  await createMessage(owner.user, busy, { role: "assistant", status: "streaming" });
  const page = await watch(owner);
  expect(page.snapshot).toEqual({ type: "snapshot", generatingChatIds: [busy.id] });
  await page.close();
});

test("an answer unknown to its object ends when it is listed, and all pages get the news", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const streamId = newId();
  const lost = { role: "assistant", status: "streaming", streamId } as const;
  const { id } = await createMessage(owner.user, chat, lost);
  const page = await watch(owner);
  const { items } = await owner.api.messages.list.query({ chatId: chat.id });
  expect(items).toMatchObject([{ id, status: "interrupted" }]);
  const end = { type: "turn-ended", chatId: chat.id, streamId, status: "interrupted" };
  expect(await page.next()).toEqual(end);
  await page.close();
});

test("a page whose user's object dies gets a new snapshot by itself", async () => {
  const owner = await callerFor("owner");
  const page = await watch(owner);
  const stub = userObject(env, owner.user.id);
  await runInDurableObject(stub, (_, state) => state.abort("crash")).catch(() => undefined);
  expect(await page.next()).toEqual({ type: "snapshot", generatingChatIds: [] });
  await owner.api.chats.deleteAll.mutate();
  expect(await page.next()).toEqual({ type: "all-deleted" });
  await page.close();
});
