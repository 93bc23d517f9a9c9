import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { openStream } from "../../../test/stream.ts";
import { chunksOf, endOf, numbersIn, numbersTo, question, textOf } from "../../../test/turns.ts";
import type { SendOutput, StartedEvent } from "../../contracts/messages.ts";
import { cancelOnAbort } from "./start-with-events.ts";

type Started = SendOutput & { readonly events?: AsyncIterable<StartedEvent> | undefined };

/** The events of an answer that the response to its request goes on with, to their end. */
async function eventsOf({ events }: Started) {
  if (!events) throw new Error("The response has no events.");
  const all: { id: string; data: StartedEvent["chunks"] }[] = [];
  for await (const { id, chunks } of events) all.push({ id, data: chunks });
  return all;
}

const read = async (started: Started) => chunksOf(await eventsOf(started));

/** An answer that has ended. @returns its chat and its id */
async function answered(owner: Caller, text: string) {
  const started = await owner.lines.messages.send.mutate(question(text));
  const chunks = await read(started);
  return { chatId: started.chatId, messageId: started.assistantMessageId, chunks };
}

test("the response to a message goes on with its answer, and the stream with the rest", async () => {
  const owner = await callerFor("owner");
  const started = await owner.lines.messages.send.mutate(question("count to 40"));
  const events = await eventsOf(started);
  const chunks = chunksOf(events);
  expect(chunks[0]?.type).toBe("start");
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(40));
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const middle = Math.floor(events.length / 2);
  const { chatId, streamId } = started;
  const lastEventId = events[middle]?.id ?? null;
  const stream = await openStream(owner, { chatId, streamId, lastEventId });
  const rest = chunksOf(await stream.rest());
  expect(textOf(chunksOf(events.slice(0, middle + 1))) + textOf(rest)).toBe(textOf(chunks));
});

test("the beginning of an answer comes with its first words, and before them only when they are late", async () => {
  const owner = await callerFor("owner");
  const firstTypes = async (pauseMs: number) => {
    const script = scriptText({ length: 20, sizes: [5], pausesMs: [pauseMs, 0, 0, 0] });
    const started = await owner.lines.messages.send.mutate(question(script));
    const [first] = await eventsOf(started);
    return first?.data.map(({ type }) => type);
  };
  expect(await firstTypes(0)).toEqual(expect.arrayContaining(["start", "text-delta"]));
  const early = await firstTypes(400);
  expect(early).toContain("start");
  expect(early).not.toContain("text-delta");
});

test("an answer goes on when its reader leaves, and repeating the message finds it", async () => {
  const owner = await callerFor("owner");
  const wish = question("count to 40");
  const first = await owner.lines.messages.send.mutate(wish);
  for await (const _ of first.events ?? []) break;
  const second = await owner.lines.messages.send.mutate(wish);
  expect(second.streamId).toBe(first.streamId);
  expect(numbersIn(textOf(await read(second)))).toEqual(numbersTo(40));
});

test("another answer, a continuation and an approval go on in their responses too", async () => {
  const owner = await callerFor("owner");
  const { chatId, messageId, chunks } = await answered(owner, "weather in Oslo");
  const approvalId = String(
    chunks.find(({ type }) => type === "tool-approval-request")?.approvalId,
  );
  const approvals = [{ approvalId, isApproved: false }];
  const approved = await owner.lines.messages.approve.mutate({ chatId, messageId, approvals });
  expect(endOf(await read(approved))).toMatchObject({ status: "complete" });
  const another = await owner.lines.messages.regenerate.mutate({ chatId, messageId });
  expect(another.assistantMessageId).not.toBe(messageId);
  expect(endOf(await read(another))).toMatchObject({ status: "complete" });

  const halting = scriptText({ length: 400, sizes: [7], perTurn: 200 });
  const begun = await owner.lines.messages.send.mutate(question(halting));
  for await (const { chunks } of begun.events ?? []) {
    if (chunks.some(({ type }) => type === "text-delta")) break;
  }
  await owner.api.messages.stop.mutate(begun);
  const continued = await owner.lines.messages.continue.mutate({
    chatId: begun.chatId,
    messageId: begun.assistantMessageId,
  });
  expect(continued.assistantMessageId).toBe(begun.assistantMessageId);
  expect(continued.streamId).not.toBe(begun.streamId);
  for await (const { chunks } of continued.events ?? []) {
    if (chunks.some(({ type }) => type === "text-delta")) break;
  }
  await owner.api.messages.stop.mutate(continued);
});

test("a client that does not read lines gets the turn alone", async () => {
  const owner = await callerFor("owner");
  const turn = await owner.api.messages.send.mutate(question("count to 3"));
  expect(Object.keys(turn).sort()).toEqual(["assistantMessageId", "chatId", "streamId"]);
});

test("a refusal is the same as without lines", async () => {
  const owner = await callerFor("owner");
  const wish = { ...question("hello"), modelId: "none" };
  const refused = await errorOf(owner.api.messages.send.mutate(wish));
  expect(await errorOf(owner.lines.messages.send.mutate(wish))).toEqual(refused);
  const visitor = anonymous();
  expect(await errorOf(visitor.lines.messages.send.mutate(question("hello")))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
});

test("the first message of a guest renews the session, though its answer streams", async () => {
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  const response = await guest.fetch("/trpc/messages.send?batch=1", {
    method: "POST",
    headers: { "content-type": "application/json", "trpc-accept": "application/jsonl" },
    body: JSON.stringify({ 0: question("count to 3") }),
  });
  expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-session=.+; Max-Age=2592000;/);
  await response.text();
  expect((await guest.api.chats.list.query({})).items).toHaveLength(1);
});

test("no proxy may collect the lines", async () => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/messages.send?batch=1", {
    method: "POST",
    headers: { "content-type": "application/json", "trpc-accept": "application/jsonl" },
    body: JSON.stringify({ 0: question("count to 3") }),
  });
  expect(response.headers.get("content-type")).toBe("application/jsonl");
  expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
  await response.text();
});

test("an answer that nothing has begun to read is let go with its request, and one that is read is its reader's", async () => {
  const opened = () => {
    const state = { isCanceled: false };
    const cancel = () => {
      state.isCanceled = true;
    };
    const stream = new ReadableStream({ cancel });
    return { stream, state };
  };
  const [before, after, read] = [opened(), opened(), opened()];
  cancelOnAbort(before.stream, AbortSignal.abort());
  expect(before.state.isCanceled).toBe(true);
  const leaving = new AbortController();
  read.stream.getReader();
  for (const { stream } of [after, read]) cancelOnAbort(stream, leaving.signal);
  expect(after.state.isCanceled).toBe(false);
  leaving.abort();
  expect([after, read].map(({ state }) => state.isCanceled)).toEqual([true, false]);
});
