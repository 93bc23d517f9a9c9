import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { crash, withdrawModels } from "../../../test/chat-objects.ts";
import { errorOf } from "../../../test/client.ts";
import { noStorageLimits } from "../../../test/content.ts";
import { openStream, StreamFailure } from "../../../test/stream.ts";
import {
  ask,
  chunksOf,
  countedLike,
  endlessQuestion,
  endlessThoughts,
  endOf,
  numbersIn,
  numbersTo,
  question,
  readUntil,
  textOf,
} from "../../../test/turns.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { newId } from "../../platform/ids.ts";
import type { ChatObject } from "./object/chat.do.ts";

type Owner = Awaited<ReturnType<typeof callerFor>>;

/** The last message of a chat, from the API. */
async function lastMessage(caller: Owner, chatId: string) {
  const { items } = await caller.api.messages.list.query({ chatId });
  return items.at(-1);
}

/** The message's state in D1. */
function storedStatus(messageId: string) {
  return env.CONTENT_0.prepare("SELECT status FROM messages WHERE id = ?")
    .bind(messageId)
    .first<string>("status");
}

test("an answer streams to its end, and is then stored as it was seen", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, assistantMessageId, stream } = await ask(owner, "count to 300");
  const chunks = chunksOf(await stream.rest());

  expect(stream.endedBy).toBe("return");
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(300));
  expect(chunks[0]).toMatchObject({
    type: "start",
    messageId: assistantMessageId,
    messageMetadata: { status: "streaming", streamId, modelId: "demo" },
  });
  expect(endOf(chunks)).toMatchObject({ status: "complete", outputTokens: expect.any(Number) });
  expect(chunks.at(-1)?.type).toBe("finish");

  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items.map(({ role, status }) => [role, status])).toEqual([
    ["user", "complete"],
    ["assistant", "complete"],
  ]);
  expect(items[1]?.parts).toMatchObject([{ type: "step-start" }, { text: textOf(chunks) }]);
  expect(items[1]?.parentId).toBe(items[0]?.id);
});

test("an answer goes on to its end with no reader", async () => {
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId, streamId, stream } = await ask(owner, "count to 500");
  await readUntil(stream, (events) => events.length >= 2);
  await stream.cancel();
  // A reader that starts over waits for the end of the answer.
  const again = await openStream(owner, { chatId, streamId });
  const chunks = chunksOf(await again.rest());
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(500));
  expect((await lastMessage(owner, chatId))?.status).toBe("complete");
  await expect.poll(() => storedStatus(assistantMessageId)).toBe("complete");
});

test("three readers see the same, one from the start, one late, one from an id", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, "count to 600");
  const first = await readUntil(stream, (events) => events.length >= 4);
  // By the turn's id, because the answer may have ended by then.
  const late = await openStream(owner, { chatId, streamId });
  const lastEventId = first[0]?.id ?? "";
  const resumed = await openStream(owner, { chatId, streamId, lastEventId });
  const rest = await stream.rest();
  const whole = [...first, ...rest];
  expect(textOf(chunksOf(await late.rest()))).toBe(textOf(chunksOf(whole)));
  expect(textOf(chunksOf(await resumed.rest()))).toBe(textOf(chunksOf(whole.slice(1))));
  expect(numbersIn(textOf(chunksOf(whole)))).toEqual(numbersTo(600));
});

test("a cut connection and lastEventId give every number once, through two cuts", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, "count to 2000");
  const seen = await readUntil(stream, (events) => events.length >= 3);
  await stream.cancel();
  for (const pause of [2, Number.POSITIVE_INFINITY]) {
    const lastEventId = seen.at(-1)?.id ?? "";
    const reader = await openStream(owner, { chatId, streamId, lastEventId });
    seen.push(...(await readUntil(reader, (events) => events.length >= pause)));
    await reader.cancel();
  }
  expect(numbersIn(textOf(chunksOf(seen)))).toEqual(numbersTo(2000));
  expect(endOf(chunksOf(seen))).toMatchObject({ status: "complete" });
});

test("stop ends the answer for every reader as stopped, and is idempotent", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, assistantMessageId, stream } = await ask(owner, endlessQuestion);
  const other = await openStream(owner, { chatId });
  const seen = await readUntil(stream, (events) => events.length >= 3);

  const results = await Promise.all([
    owner.api.messages.stop.mutate({ chatId, streamId }),
    owner.api.messages.stop.mutate({ chatId, streamId }),
  ]);
  expect(results).toEqual([{ status: "stopped" }, { status: "stopped" }]);
  seen.push(...(await stream.rest()));
  const chunks = chunksOf(seen);
  expect(endOf(chunks)).toEqual({ status: "stopped" });
  expect(textOf(chunksOf(await other.rest()))).toBe(textOf(chunks));
  expect(textOf(chunks)).toBe(countedLike(textOf(chunks)));

  expect(await lastMessage(owner, chatId)).toMatchObject({ status: "stopped" });
  expect(await storedStatus(assistantMessageId)).toBe("stopped");
  expect(await owner.api.messages.stop.mutate({ chatId, streamId })).toEqual({ status: "stopped" });
});

test("a crash loses nothing that was shown: without its model the answer ends interrupted, and the chat goes on", async () => {
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId, stream } = await ask(owner, endlessQuestion);
  const seen = await readUntil(stream, (events) => events.length >= 4);
  const heal = withdrawModels(owner, chatId);
  await crash(owner, chatId);
  seen.push(...(await stream.rest()));
  heal();

  const chunks = chunksOf(seen);
  expect(stream.endedBy).toBe("return");
  expect(endOf(chunks)).toEqual({ status: "interrupted" });
  expect(textOf(chunks)).not.toBe("");
  expect(textOf(chunks)).toBe(countedLike(textOf(chunks)));

  const message = await lastMessage(owner, chatId);
  expect(message).toMatchObject({ id: assistantMessageId, status: "interrupted" });
  expect(message?.parts.at(-1)).toMatchObject({ type: "text", text: textOf(chunks) });
  expect(await storedStatus(assistantMessageId)).toBe("interrupted");

  const next = await ask(owner, "count to 3", chatId);
  expect(endOf(chunksOf(await next.stream.rest()))).toMatchObject({ status: "complete" });
});

test("after an unnoticed crash, the lease alarm alone ends an answer that got nowhere", async () => {
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId, stream } = await ask(owner, endlessThoughts);
  await readUntil(stream, (events) => events.length >= 3);
  await stream.cancel();
  await crash(owner, chatId);
  expect(await storedStatus(assistantMessageId)).toBe("streaming");
  const stub = chatObject(env, { userId: owner.user.id, chatId });
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await storedStatus(assistantMessageId)).toBe("interrupted");
});

test("a failing model ends the answer as failed, with its code, and keeps what came", async () => {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "fail");
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "failed", errorCode: "overloaded" });
  expect(textOf(chunks)).not.toBe("");
  expect(await lastMessage(owner, chatId)).toMatchObject({
    status: "failed",
    errorCode: "overloaded",
    parts: [{ type: "step-start" }, { type: "text", text: textOf(chunks) }],
  });
});

test("a second message is refused while an answer is under way, and leaves nothing behind", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId } = await ask(owner, endlessQuestion);
  const refused = await errorOf(owner.api.messages.send.mutate(question("count to 3", { chatId })));
  expect(refused.errorCode).toBe("CONFLICT");
  expect((await owner.api.messages.list.query({ chatId })).items).toHaveLength(2);
  await owner.api.messages.stop.mutate({ chatId, streamId });
});

test("the same message id starts one answer, however often and whenever it is sent", async () => {
  const owner = await callerFor("owner");
  const input = question("count to 50");
  const [first, ...others] = await Promise.all(
    [1, 2, 3].map(() => owner.api.messages.send.mutate(input)),
  );
  expect(others).toEqual([first, first]);
  const { chatId, streamId } = first ?? { chatId: "", streamId: "" };
  await (await openStream(owner, { chatId, streamId })).rest();
  // Also after the answer has ended and the object has been evicted.
  expect(await owner.api.messages.send.mutate(input)).toEqual(first);
  await chatObject(env, { userId: owner.user.id, chatId }).purge();
  expect(await owner.api.messages.send.mutate(input)).toEqual(first);
  expect((await owner.api.messages.list.query({ chatId })).items).toHaveLength(2);
});

test("ten sends at once into one chat: one goes through, nine are refused", async () => {
  const owner = await callerFor("owner");
  const chatId = newId();
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () =>
      owner.api.messages.send.mutate(question(endlessQuestion, { chatId })),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await owner.api.messages.list.query({ chatId })).items).toHaveLength(2);
  const streamId = (await lastMessage(owner, chatId))?.streamId ?? "";
  await owner.api.messages.stop.mutate({ chatId, streamId });
});

test("positions: past the end is refused, another turn's id replays, rubbish is refused", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 5");
  const events = await first.stream.rest();
  const { chatId, streamId } = first;
  const open = (lastEventId: string) => openStream(owner, { chatId, streamId, lastEventId });

  await expect(open(`${streamId}:9999`).then((stream) => stream.rest())).rejects.toThrow(
    StreamFailure,
  );
  await expect(open("rubbish").then((stream) => stream.rest())).rejects.toThrow(StreamFailure);
  const replay = await (await open(`${newId()}:3`)).rest();
  expect(textOf(chunksOf(replay))).toBe(textOf(chunksOf(events)));
  // A reader that has everything gets only an end.
  const nothing = await open(events.at(-1)?.id ?? "");
  expect(await nothing.rest()).toEqual([]);
});

test("with nothing live, a stream is empty and ends", async () => {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "count to 5");
  await stream.rest();
  const idle = await openStream(owner, { chatId });
  expect(await idle.rest()).toEqual([]);
  expect(idle.endedBy).toBe("return");
});

test("a chat gets a title from the model, live and stored; an owner's title stays", async () => {
  const owner = await callerFor("owner");
  const asked = "Tell me about the weather in the mountains, please, and be thorough about it all";
  const { chatId, stream } = await ask(owner, asked);
  const chunks = chunksOf(await stream.rest());
  const { title } = await owner.api.chats.get.query({ chatId });
  expect(chunks).toContainEqual(expect.objectContaining({ type: "data-title", data: { title } }));
  // The title is not part of the message.
  const message = await lastMessage(owner, chatId);
  expect(message?.parts.map(({ type }) => type)).toEqual(["step-start", "text"]);

  await owner.api.chats.rename.mutate({ chatId, title: "Mine" });
  await (await ask(owner, "count to 3", chatId)).stream.rest();
  expect((await owner.api.chats.get.query({ chatId })).title).toBe("Mine");
});

test("deleting a chat in mid-answer ends the answer for its readers, and nothing comes back", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, endlessQuestion);
  await readUntil(stream, (events) => events.length >= 2);
  await owner.api.chats.delete.mutate({ chatId });
  expect(endOf(chunksOf(await stream.rest()))).toEqual({ status: "stopped" });
  expect((await errorOf(owner.api.chats.get.query({ chatId }))).errorCode).toBe("NOT_FOUND");
  expect((await errorOf(owner.api.messages.stop.mutate({ chatId, streamId }))).errorCode).toBe(
    "NOT_FOUND",
  );
  const rows = await env.CONTENT_0.prepare("SELECT count(*) AS n FROM messages WHERE chatId = ?")
    .bind(chatId)
    .first<number>("n");
  expect(rows).toBe(0);
});

test("bad parents and models are refused, and leave nothing behind", async () => {
  const owner = await callerFor("owner");
  const { chatId, input, stream } = await ask(owner, "count to 3");
  await stream.rest();
  const send = (extra: object, chat = chatId) =>
    errorOf(owner.api.messages.send.mutate({ ...question("hello", { chatId: chat }), ...extra }));
  expect((await send({ parentId: newId() })).errorCode).toBe("NOT_FOUND");
  expect((await send({ parentId: newId() }, newId())).errorCode).toBe("NOT_FOUND");
  expect((await send({ parentId: input.message.id })).errorCode).toBe("INVALID");
  expect((await send({ modelId: "gpt-nothing" })).errorCode).toBe("INVALID");
  const taken = { message: { id: input.message.id, parts: input.message.parts } };
  expect((await send(taken, newId())).errorCode).toBe("INVALID");
  expect((await owner.api.messages.list.query({ chatId })).items).toHaveLength(2);
  expect((await owner.api.chats.list.query({})).items).toHaveLength(1);
});

test("messages come a page at a time, from the newest backwards", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 1");
  await first.stream.rest();
  const { chatId } = first;
  for (const last of [2, 3]) await (await ask(owner, `count to ${last}`, chatId)).stream.rest();
  const page1 = await owner.api.messages.list.query({ chatId, limit: 4 });
  expect(page1.items).toHaveLength(4);
  const page2 = await owner.api.messages.list.query({ chatId, limit: 4, cursor: page1.nextCursor });
  expect(page2.items).toHaveLength(2);
  expect(page2.nextCursor).toBeNull();
  const ids = [...page2.items, ...page1.items].map(({ id }) => id);
  const { items: all } = await owner.api.messages.list.query({ chatId });
  expect(ids).toEqual(all.map(({ id }) => id));
});

test("a start that cannot reach the content database leaves the chat free for the next", async () => {
  const owner = await callerFor("owner");
  const chatId = newId();
  const stub = chatObject(env, { userId: owner.user.id, chatId });
  const limits = { dayLimits: { messages: null, tokens: null }, storage: noStorageLimits };
  const start = (contentShard: number) => {
    const { message } = question("count to 3", { chatId });
    const place = { userId: owner.user.id, chatId, contentShard };
    return stub.start({ kind: "send", ...place, ...limits, message });
  };
  // A binding that the operator has removed.
  await runInDurableObject(stub, async (object: ChatObject) => {
    const { message } = question("count to 3", { chatId });
    const place = { userId: owner.user.id, chatId, contentShard: 7 };
    await expect(object.start({ kind: "send", ...place, ...limits, message })).rejects.toThrow(
      "Your chats can’t be reached right now.",
    );
  });
  expect((await start(0)).kind).toBe("started");
});
