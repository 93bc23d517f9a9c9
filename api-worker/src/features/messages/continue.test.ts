import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { crash, stubOf, withdrawModels } from "../../../test/chat-objects.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { countingText, scriptText } from "../../../test/scripted-model.ts";
import { type Chunk, openStream, type StreamEvent } from "../../../test/stream.ts";
import {
  ask,
  chunksOf,
  countedLike,
  endlessQuestion,
  endOf,
  numbersIn,
  numbersTo,
  readUntil,
  textOf,
} from "../../../test/turns.ts";
import type { MessageMetadata } from "../../contracts/messages.ts";
import { newId } from "../../platform/ids.ts";

/** The text that one turn writes of an answer that halts. */
const perTurn = 400;

/** A question whose answer halts until it is stopped, and ends in its last turn. */
const haltingQuestion = (turns: number) =>
  scriptText({ length: turns * perTurn, sizes: [7], perTurn });

/** An answer that its owner stopped after its first words. */
async function stopped(question = haltingQuestion(2)) {
  const owner = await callerFor("owner");
  const { chatId, streamId, assistantMessageId, stream } = await ask(owner, question);
  const seen = await readUntil(stream, saysAtLeast(perTurn));
  await owner.api.messages.stop.mutate({ chatId, streamId });
  seen.push(...(await stream.rest()));
  return { owner, chatId, streamId, messageId: assistantMessageId, seen: chunksOf(seen) };
}

const saysAtLeast = (length: number) => (events: readonly StreamEvent<Chunk[]>[]) =>
  textOf(chunksOf(events)).length >= length;

async function lastMessage(owner: Caller, chatId: string) {
  return (await owner.api.messages.list.query({ chatId })).items.at(-1);
}

/** When an answer began and ended, from its first and last chunk. */
function timesIn(chunks: readonly Chunk[]) {
  const metadata = (chunk: Chunk | undefined) => chunk?.messageMetadata as MessageMetadata;
  const { createdAt } = metadata(chunks[0]);
  const { finishedAt } = metadata(chunks.at(-1));
  return { createdAt, finishedAt };
}

test("the stream has the same times of an answer as the list", async () => {
  const { owner, chatId, messageId, seen } = await stopped();
  const before = await lastMessage(owner, chatId);
  expect(before?.finishedAt).toBeGreaterThan(before?.createdAt ?? Number.NaN);
  expect(before).toMatchObject(timesIn(seen));

  const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  const after = await lastMessage(owner, chatId);
  expect(after).toMatchObject(timesIn(chunks));
  expect(after?.createdAt).toBe(before?.createdAt);
  expect(after?.finishedAt).toBeGreaterThan(before?.finishedAt ?? Number.NaN);
});

test("a stopped answer goes on in the same message, and nothing is said twice", async () => {
  const { owner, chatId, streamId, messageId, seen } = await stopped();
  const before = await lastMessage(owner, chatId);
  const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
  expect(turn).toMatchObject({ chatId, assistantMessageId: messageId });
  expect(turn.streamId).not.toBe(streamId);

  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(chunks[0]).toMatchObject({ type: "start", messageId });
  expect(textOf(chunks).startsWith(textOf(seen))).toBe(true);
  expect(textOf(chunks)).toBe(countingText(2 * perTurn));
  expect(endOf(chunks)).toMatchObject({ status: "complete" });

  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items).toHaveLength(2);
  const [, answer] = items;
  expect(answer).toMatchObject({ id: messageId, status: "complete", streamId: turn.streamId });
  expect(answer?.parts).toMatchObject([{ type: "step-start" }, { text: textOf(chunks) }]);
  expect(answer?.outputTokens).toBeGreaterThan(before?.outputTokens ?? 0);
});

test("what is kept is there from the first event on, and in D1 while the rest is made", async () => {
  const { owner, chatId, messageId, seen } = await stopped(endlessQuestion);
  const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
  const stream = await openStream(owner, turn);
  const [first] = await readUntil(stream, (events) => events.length >= 1);
  expect(textOf(first?.data ?? []).startsWith(textOf(seen))).toBe(true);
  const shown = await lastMessage(owner, chatId);
  expect(shown).toMatchObject({ status: "streaming", streamId: turn.streamId });
  expect(shown?.parts.at(-1)).toMatchObject({ text: textOf(seen) });
  await owner.api.messages.stop.mutate(turn);
});

test("an answer can be stopped and continued again and again", async () => {
  const { owner, chatId, messageId } = await stopped(haltingQuestion(4));
  for (const turns of [2, 3]) {
    const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
    const stream = await openStream(owner, turn);
    await readUntil(stream, saysAtLeast(turns * perTurn));
    await owner.api.messages.stop.mutate(turn);
  }
  const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(textOf(chunks)).toBe(countingText(4 * perTurn));
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
});

test("a double click continues once, and a message meanwhile is refused", async () => {
  const { owner, chatId, messageId } = await stopped(endlessQuestion);
  const wish = { chatId, messageId };
  const [first, second] = await Promise.all([
    owner.api.messages.continue.mutate(wish),
    owner.api.messages.continue.mutate(wish),
  ]);
  expect(second).toEqual(first);
  const other = { chatId, message: { id: newId(), parts: [{ type: "text" as const, text: "x" }] } };
  expect((await errorOf(owner.api.messages.send.mutate(other))).errorCode).toBe("CONFLICT");
  await owner.api.messages.stop.mutate(first);
});

test("a crash in a continuation loses neither what was kept nor what was shown", async () => {
  const { owner, chatId, messageId } = await stopped(endlessQuestion);
  const turn = await owner.api.messages.continue.mutate({ chatId, messageId });
  const stream = await openStream(owner, turn);
  const seen = await readUntil(stream, (events) => events.length >= 3);
  const heal = withdrawModels(owner, chatId);
  await crash(owner, chatId);
  seen.push(...(await stream.rest()));
  heal();
  expect(endOf(chunksOf(seen))).toEqual({ status: "interrupted" });
  const kept = textOf(chunksOf(seen));
  expect(kept).toBe(countedLike(kept));
  expect((await lastMessage(owner, chatId))?.parts.at(-1)).toMatchObject({ text: kept });

  const again = await owner.api.messages.continue.mutate({ chatId, messageId });
  const goingOn = await openStream(owner, again);
  const text = textOf(chunksOf(await readUntil(goingOn, (events) => events.length >= 3)));
  expect(text.length).toBeGreaterThan(kept.length);
  expect(text).toBe(countedLike(text));
  await owner.api.messages.stop.mutate(again);
});

test("a crash before the continuation's first chunk keeps the answer as it was", async () => {
  const { owner, chatId, messageId, seen } = await stopped();
  const { id: userId } = owner.user;
  const streamId = newId();
  // As if the object had died right after D1 reopened the answer.
  await runInDurableObject(stubOf(owner, chatId), (_, state) => {
    state.storage.sql.exec(
      `INSERT INTO turns (streamId, userId, chatId, contentShard, requestMessageId,
         assistantMessageId, state, startedAt) VALUES (?, ?, ?, 0, ?, ?, 'starting', 1)`,
      ...[streamId, userId, chatId, messageId, messageId],
    );
  });
  await env.CONTENT_0.prepare("UPDATE messages SET status = 'streaming', streamId = ? WHERE id = ?")
    .bind(streamId, messageId)
    .run();
  await crash(owner, chatId);

  const answer = await lastMessage(owner, chatId);
  expect(answer).toMatchObject({ status: "interrupted", streamId });
  expect(answer?.parts.at(-1)).toMatchObject({ text: textOf(seen) });
});

test("an answer that failed before its first word is tried again", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const asked = await createMessage(owner.user, chat, { text: "count to 7" });
  const answer = await createMessage(owner.user, chat, {
    role: "assistant",
    parentId: asked.id,
    parts: "[]",
    status: "failed",
    errorCode: "overloaded",
  });
  const wish = { chatId: chat.id, messageId: answer.id };
  const turn = await owner.api.messages.continue.mutate(wish);
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(7));
  expect(await lastMessage(owner, chat.id)).toMatchObject({ status: "complete", errorCode: null });
});

test("what cannot go on is refused, and stays as it is", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 3");
  await first.stream.rest();
  const { chatId, assistantMessageId } = first;
  const refusal = (messageId: string, chat = chatId) =>
    errorOf(owner.api.messages.continue.mutate({ chatId: chat, messageId }));
  expect((await refusal(assistantMessageId)).message).toBe("This answer is already complete.");
  expect((await refusal(first.input.message.id)).errorCode).toBe("INVALID");
  expect((await refusal(newId())).errorCode).toBe("NOT_FOUND");
  expect((await refusal(assistantMessageId, newId())).errorCode).toBe("NOT_FOUND");

  for (const errorCode of ["blocked", "too_long", "length_limit"]) {
    const chat = await createChat(owner.user);
    const asked = await createMessage(owner.user, chat, { text: "hello" });
    const answer = { role: "assistant", parentId: asked.id, status: "failed", errorCode } as const;
    const { id } = await createMessage(owner.user, chat, answer);
    expect((await refusal(id, chat.id)).message).toMatch(/would fail again/);
  }

  const { chatId: other, messageId } = await stopped();
  expect((await refusal(messageId, other)).errorCode).toBe("NOT_FOUND");
  const second = await ask(owner, "fail", chatId);
  await second.stream.rest();
  await (await ask(owner, "count to 3", chatId)).stream.rest();
  expect((await refusal(second.assistantMessageId)).message).toMatch(/has continued after/);
  expect((await owner.api.messages.list.query({ chatId })).items).toHaveLength(6);
});
