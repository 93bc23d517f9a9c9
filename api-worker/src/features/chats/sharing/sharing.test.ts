import { env } from "cloudflare:workers";
import { createContentDb, createHomeDb } from "db";
import { expect, test } from "vitest";
import { anonymous, callerAs, callerFor, strangers } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { openStream, StreamFailure } from "../../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endOf,
  readUntil,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const home = createHomeDb(env.HOME);

/** A public chat with a question and two answers, of which the second is shown. */
async function publicChat(fields: { contentShard?: number } = {}) {
  const user = await createUser({ name: "Secret Name", ...fields });
  const owner = await callerAs(user);
  const chat = await createChat(user, { title: "Shown to all", pinnedAt: 5 });
  const question = await createMessage(user, chat, { text: "the question" });
  const hidden = await createMessage(user, chat, {
    role: "assistant",
    parentId: question.id,
    text: "the discarded answer",
    streamId: newId(),
  });
  const shown = await createMessage(user, chat, {
    role: "assistant",
    parentId: question.id,
    text: "the shown answer",
    streamId: newId(),
  });
  await owner.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  return { user, owner, chatId: chat.id, question, hidden, shown };
}

test.each(Object.keys(strangers))(
  "%s reads a public chat, and nothing more of its owner",
  async (kind) => {
    const { user, chatId, question, shown, hidden } = await publicChat({ contentShard: 1 });
    const reader = await strangers[kind]?.();
    if (!reader) throw new Error(kind);
    const chat = await reader.api.chats.get.query({ chatId });
    const page = await reader.api.messages.list.query({ chatId });
    const stream = await openStream(reader, { chatId, streamId: shown.streamId });
    const events = await stream.rest();
    expect(chat).toMatchObject({ title: "Shown to all", access: "read", pinnedAt: null });
    expect(page.items.map(({ id }) => id)).toEqual([question.id, shown.id]);
    expect(textOf(chunksOf(events))).toBe("the shown answer");
    const all = JSON.stringify([chat, page, events]);
    for (const secret of [user.id, user.email ?? "", "Secret Name", hidden.id, "discarded"]) {
      expect(all).not.toContain(secret);
    }
  },
);

test.each(Object.keys(strangers))(
  "%s cannot read what a public chat does not show",
  async (kind) => {
    const { chatId, question, hidden } = await publicChat();
    const reader = await strangers[kind]?.();
    if (!reader) throw new Error(kind);
    const { nextCursor } = await reader.api.messages.list.query({ chatId, limit: 1 });
    expect(nextCursor).toBe(question.id);
    const second = await reader.api.messages.list.query({ chatId, limit: 1, cursor: nextCursor });
    expect(second.items.map(({ id }) => id)).toEqual([question.id]);
    const list = (cursor: string) => errorOf(reader.api.messages.list.query({ chatId, cursor }));
    expect((await list(hidden.id)).errorCode).toBe("NOT_FOUND");
    expect(await list(hidden.id)).toEqual(await list(newId()));
    const stream = await openStream(reader, { chatId, streamId: hidden.streamId });
    expect(await stream.rest()).toEqual([]);
  },
);

test("a reader may look and copy, and change nothing", async () => {
  const { chatId, shown, owner } = await publicChat();
  const other = await callerFor("anotherUser");
  const { chats, votes, messages } = other.api;
  const forbidden = [
    () => chats.rename.mutate({ chatId, title: "x" }),
    () => chats.pin.mutate({ chatId, pinned: true }),
    () => chats.delete.mutate({ chatId }),
    () => chats.setVisibility.mutate({ chatId, visibility: "private" }),
    () => chats.setVisibility.mutate({ chatId, visibility: "public" }),
  ];
  for (const call of forbidden) expect((await errorOf(call())).errorCode).toBe("FORBIDDEN");
  const notFound = [
    () => chats.export.query({ chatId, format: "json" }),
    () => votes.list.query({ chatId }),
    () => votes.set.mutate({ messageId: shown.id, vote: "up" }),
    () => messages.selectBranch.mutate({ chatId, messageId: shown.id }),
    () => messages.regenerate.mutate({ chatId, messageId: shown.id }),
    () => messages.continue.mutate({ chatId, messageId: shown.id }),
    () => messages.stop.mutate({ chatId, streamId: shown.streamId ?? "" }),
  ];
  for (const call of notFound) expect((await errorOf(call())).errorCode).toBe("NOT_FOUND");
  expect((await chats.list.query({})).items).toEqual([]);
  expect((await chats.search.query({ query: "shown" })).items).toEqual([]);
  expect(await owner.api.chats.get.query({ chatId })).toMatchObject({ visibility: "public" });
});

test.each(["private", "deleted", "all deleted", "owner disabled"])(
  "a chat that is not public any more is gone at once: %s",
  async (how) => {
    const { chatId, owner, user, shown } = await publicChat();
    const [reader, stranger] = [await callerFor("anotherUser"), anonymous()];
    await reader.api.chats.get.query({ chatId });
    if (how === "private") {
      await owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" });
    } else if (how === "deleted") await owner.api.chats.delete.mutate({ chatId });
    else if (how === "all deleted") await owner.api.chats.deleteAll.mutate();
    else {
      const disabled = { disabledAt: 1 };
      await home.kysely.updateTable("users").set(disabled).where("id", "=", user.id).execute();
    }
    for (const client of [reader, stranger]) {
      const get = (id: string) => errorOf(client.api.chats.get.query({ chatId: id }));
      const list = (id: string) => errorOf(client.api.messages.list.query({ chatId: id }));
      expect(await get(chatId)).toEqual(await get(newId()));
      expect(await list(chatId)).toEqual(await list(newId()));
      const stream = openStream(client, { chatId, streamId: shown.streamId });
      await expect(stream.then((open) => open.rest())).rejects.toThrow(StreamFailure);
    }
  },
);

test("a reader follows an answer to its end, and comes back in the middle of it", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, "count to 300");
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  const reader = anonymous();
  const first = await openStream(reader, { chatId, streamId });
  const begun = await readUntil(first, (events) => textOf(chunksOf(events)).includes("9"));
  await first.cancel();
  const lastEventId = begun.at(-1)?.id;
  const second = await openStream(reader, { chatId, streamId, lastEventId });
  const whole = chunksOf([...begun, ...(await second.rest())]);
  expect(textOf(whole)).toBe(textOf(chunksOf(await stream.rest())));
  expect(endOf(whole)).toMatchObject({ status: "complete" });
});

test("a reader in mid-answer is let go when the chat becomes private", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, endlessQuestion);
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  const reading = await openStream(anonymous(), { chatId });
  await reading.next();
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" });
  await expect(reading.rest()).rejects.toThrow("This chat doesn’t exist or isn’t yours.");
  await owner.api.messages.stop.mutate({ chatId, streamId });
  await stream.rest();
});

test.each(["private", "deleted", "account deleted"])(
  "of two users with the same chat id only the first can publish it, also when that chat is %s",
  async (how) => {
    const [first, second] = [await callerFor("owner"), await callerFor("anotherUser")];
    const id = newId();
    await createChat(first.user, { id, title: "first" });
    await createChat(second.user, { id, title: "second" });
    const publish = { chatId: id, visibility: "public" } as const;
    await first.api.chats.setVisibility.mutate(publish);
    await first.api.chats.setVisibility.mutate(publish);
    expect(await errorOf(second.api.chats.setVisibility.mutate(publish))).toMatchObject({
      errorCode: "CONFLICT",
      message:
        "This address belongs to another shared chat. Make a copy of your chat and share the copy.",
    });
    expect(await second.api.chats.get.query({ chatId: id })).toMatchObject({
      title: "second",
      visibility: "private",
    });
    expect(await anonymous().api.chats.get.query({ chatId: id })).toMatchObject({ title: "first" });
    if (how === "private") {
      await first.api.chats.setVisibility.mutate({ chatId: id, visibility: "private" });
    } else await first.api.chats.delete.mutate({ chatId: id });
    if (how === "account deleted") {
      await home.kysely.deleteFrom("users").where("id", "=", first.user.id).execute();
    }
    expect((await errorOf(second.api.chats.setVisibility.mutate(publish))).errorCode).toBe(
      "CONFLICT",
    );
    expect((await errorOf(anonymous().api.chats.get.query({ chatId: id }))).errorCode).toBe(
      "UNAUTHENTICATED",
    );
  },
);

test("of two users who publish the same chat id at once, one does", async () => {
  const [first, second] = [await callerFor("owner"), await callerFor("anotherUser")];
  const id = newId();
  for (const { user } of [first, second]) await createChat(user, { id });
  const results = await Promise.allSettled(
    [first, second].map(({ api }) =>
      api.chats.setVisibility.mutate({ chatId: id, visibility: "public" }),
    ),
  );
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test.each([
  ["between the two writes of publishing", "private", true],
  ["between the two writes of taking back", "private", true],
  ["before the home database had anything", "public", false],
] as const)(
  "a crash %s leaves nothing that others can read, and doing it again heals",
  async (_, visibility, hasRow) => {
    const owner = await callerFor("owner");
    const { id: chatId } = await createChat(owner.user, { visibility });
    const userId = owner.user.id;
    if (hasRow) {
      await home.kysely
        .insertInto("publicChats")
        .values({ chatId, userId, createdAt: 1 })
        .execute();
    }
    expect((await errorOf(anonymous().api.chats.get.query({ chatId }))).errorCode).toBe(
      "UNAUTHENTICATED",
    );
    await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
    expect(await anonymous().api.chats.get.query({ chatId })).toMatchObject({ access: "read" });
    await owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" });
    expect((await errorOf(anonymous().api.chats.get.query({ chatId }))).errorCode).toBe(
      "UNAUTHENTICATED",
    );
  },
);

test.each(["guest", "anotherUser", "owner"] as const)(
  "%s copies a public chat into an own one",
  async (kind) => {
    const { chatId, owner, question, shown, hidden } = await publicChat();
    const caller = kind === "owner" ? owner : await callerFor(kind);
    const copy = await caller.api.chats.fork.mutate({ chatId });
    expect(copy).toMatchObject({ title: "Shown to all", visibility: "private", pinnedAt: null });
    expect(await caller.api.chats.get.query({ chatId: copy.id })).toEqual({
      ...copy,
      access: "own",
    });
    const { items } = await caller.api.messages.list.query({ chatId: copy.id });
    expect(items.map(({ parts }) => parts)).toEqual([
      [{ type: "text", text: "the question" }],
      [{ type: "text", text: "the shown answer" }],
    ]);
    expect(items.map(({ parentId }) => parentId)).toEqual([null, items[0]?.id]);
    expect(items.map(({ id }) => id)).not.toContain(question.id);

    const shorter = await caller.api.chats.fork.mutate({ chatId, messageId: question.id });
    const short = await caller.api.messages.list.query({ chatId: shorter.id });
    expect(short.items).toHaveLength(1);
    const ofHidden = caller.api.chats.fork.mutate({ chatId, messageId: hidden.id });
    if (kind === "owner") await ofHidden;
    else expect((await errorOf(ofHidden)).errorCode).toBe("NOT_FOUND");
    expect(
      (await errorOf(caller.api.chats.fork.mutate({ chatId, messageId: newId() }))).errorCode,
    ).toBe("NOT_FOUND");
    // The copy belongs to the user who made it: it stays when the original is deleted.
    await owner.api.chats.delete.mutate({ chatId });
    expect((await caller.api.messages.list.query({ chatId: copy.id })).items).toHaveLength(2);
    expect(shown.id).toBeDefined();
  },
);

test("asking twice for a copy under one id makes one, also at once", async () => {
  const { chatId } = await publicChat();
  const caller = await callerFor("anotherUser");
  const newChatId = newId();
  const fork = () => caller.api.chats.fork.mutate({ chatId, newChatId });
  const copies = await Promise.all([fork(), fork(), fork()]);
  copies.push(await fork());
  expect(new Set(copies.map(({ id }) => id))).toEqual(new Set([newChatId]));
  const { items } = await caller.api.chats.list.query({});
  expect(items.map(({ id }) => id)).toEqual([newChatId]);
  expect((await caller.api.messages.list.query({ chatId: newChatId })).items).toHaveLength(2);
});

test("an answer under way is copied as it stands, as interrupted; an empty chat is not copied", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const empty = await errorOf(owner.api.chats.fork.mutate({ chatId: chat.id }));
  expect(empty).toMatchObject({
    errorCode: "INVALID",
    message: "This chat has no messages to copy.",
  });
  const question = await createMessage(owner.user, chat);
  await createMessage(owner.user, chat, {
    role: "assistant",
    parentId: question.id,
    status: "streaming",
    text: "so far",
    finishedAt: null,
  });
  const copy = await owner.api.chats.fork.mutate({ chatId: chat.id });
  const { items } = await owner.api.messages.list.query({ chatId: copy.id });
  expect(items.at(-1)).toMatchObject({ status: "interrupted", streamId: null });
  const content = createContentDb(env.CONTENT_0);
  const original = await content.kysely
    .selectFrom("messages")
    .select("status")
    .where("chatId", "=", chat.id)
    .where("role", "=", "assistant")
    .executeTakeFirst();
  expect(original).toEqual({ status: "streaming" });
});

test("copies and imports are limited per user and minute, and other users are not affected", async () => {
  const { chatId } = await publicChat();
  const [busy, other] = [await callerFor("anotherUser"), await callerFor("anotherUser")];
  let count = 0;
  // The platform counts in windows of a minute: within twice the limit one must be refused.
  for (let code: unknown; code !== "RATE_LIMITED" && count < 122; count += 1) {
    const missing = busy.api.chats.fork.mutate({ chatId: newId() });
    code = (await errorOf(missing)).errorCode;
  }
  expect(count).toBeGreaterThan(60);
  expect(count).toBeLessThan(122);
  expect(await errorOf(busy.api.chats.import.mutate({ data: [] }))).toMatchObject({
    errorCode: "RATE_LIMITED",
    httpStatus: 429,
  });
  expect(await other.api.chats.fork.mutate({ chatId })).toMatchObject({ visibility: "private" });
});
