/** D1 refuses the end of an answer for good, because of a trigger that the test can drop. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, onTestFinished, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { runDueAlarm, runLateAlarm, stubOf } from "../../../../test/chat-objects.ts";
import { errorOf } from "../../../../test/client.ts";
import { setFaults } from "../../../../test/faults.ts";
import {
  expectSound,
  logOf,
  type SomeTurn,
  storedMessage,
  turnInObject,
} from "../../../../test/invariants.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { openStream } from "../../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endOf,
  numbersIn,
  numbersTo,
  question,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import type { ChatObject } from "../object/chat.do.ts";
import { refusalsToPark } from "../object/finish/turn-outbox.ts";

const refusal = "The test refuses this answer";

/** Makes D1 refuse to change one message. Returns a function that ends this. */
async function refuseAnswer({ assistantMessageId }: SomeTurn): Promise<() => Promise<void>> {
  const name = `refuse_${assistantMessageId.replaceAll("-", "_")}`;
  await env.CONTENT_0.prepare(
    `CREATE TRIGGER ${name} BEFORE UPDATE ON messages WHEN OLD.id = '${assistantMessageId}'
     BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
  ).run();
  const allow = async () => {
    await env.CONTENT_0.prepare(`DROP TRIGGER IF EXISTS ${name}`).run();
  };
  onTestFinished(allow);
  return allow;
}

const parkedIn = (owner: Caller, chatId: string) =>
  runInDurableObject(stubOf(owner, chatId), (object: ChatObject) => object.parked());
const retryIn = (owner: Caller, { chatId, streamId }: SomeTurn) =>
  runInDurableObject(stubOf(owner, chatId), (object: ChatObject) => object.retryParked(streamId));

/** A stopped answer whose end D1 refuses. */
async function refusedEnd() {
  const owner = await callerFor("owner");
  const { stream, input: _, ...turn } = await ask(owner, endlessQuestion);
  const allow = await refuseAnswer(turn);
  const begun = await stream.next();
  expect(await owner.api.messages.stop.mutate(turn)).toEqual({ status: "stopped" });
  const events = [...(begun ? [begun] : []), ...(await stream.rest())];
  expect(endOf(chunksOf(events))).toMatchObject({ status: "stopped" });
  return { owner, turn, events, allow };
}

/** An end that D1 refused until it was parked. */
async function parkedEnd() {
  const refused = await refusedEnd();
  const { owner, turn } = refused;
  const alarm = async () => {
    await runDueAlarm(owner, turn.chatId);
    return (await parkedIn(owner, turn.chatId)).length;
  };
  // Five alarms in a second are too many for a slow machine.
  await expect.poll(alarm, { timeout: 20_000 }).toBe(1);
  return refused;
}

/** Takes the errors logged since the last call. */
const takeEvents = () => takeErrors().map(({ event, text }) => ({ event, text }));

const parkedEvent = { event: "messages.delivery_parked", text: expect.stringContaining(refusal) };

test("an end that D1 always refuses is parked: the chat goes on, and the reason can be read", async () => {
  const { owner, turn, events } = await parkedEnd();
  const { chatId } = turn;
  const logged = takeEvents();
  expect(logged.filter(({ event }) => event === "messages.delivery_parked")).toEqual([parkedEvent]);
  expect(logged.length).toBeLessThanOrEqual(refusalsToPark);
  const parked = [
    { turnId: turn.streamId, reason: expect.stringContaining(refusal), since: expect.any(Number) },
  ];
  expect(await parkedIn(owner, chatId)).toEqual(parked);

  // No attempt follows, and the end is never deleted, however much time passes.
  const log = await logOf(owner, turn);
  const { row } = await turnInObject(owner, turn);
  expect(row).toMatchObject({ deliverAt: null, doneAt: null, isStored: 0 });
  await runLateAlarm(owner, chatId);
  await evictDurableObject(stubOf(owner, chatId));
  await runLateAlarm(owner, chatId);
  expect(takeEvents()).toEqual([]);
  expect(await parkedIn(owner, chatId)).toEqual(parked);
  expect(await logOf(owner, turn)).toEqual(log);

  const next = await ask(owner, "count to 5", chatId);
  const answer = chunksOf(await next.stream.rest());
  expect(numbersIn(textOf(answer))).toEqual(numbersTo(5));
  await expect
    .poll(() => storedMessage(owner, next.assistantMessageId))
    .toMatchObject({ status: "complete" });
  // Readers get the refused answer from the object.
  expect(await storedMessage(owner, turn.assistantMessageId)).toMatchObject({
    status: "streaming",
    parts: "[]",
  });
  const whole = chunksOf(await (await openStream(owner, turn)).rest());
  expect(textOf(whole)).toBe(textOf(chunksOf(events)));
  expect(endOf(whole)).toMatchObject({ status: "stopped" });
  const { items } = await owner.api.messages.list.query({ chatId });
  const shown = items.find(({ id }) => id === turn.assistantMessageId);
  expect(shown).toMatchObject({ status: "stopped" });
  expect(shown?.parts.at(-1)).toMatchObject({ text: textOf(whole) });
});

test("another try is refused again while the cause is there, and delivers the end when it is gone", async () => {
  const { owner, turn, events, allow } = await parkedEnd();
  takeEvents();
  expect(await retryIn(owner, turn)).toMatchObject({
    kind: "parked",
    turnId: turn.streamId,
    reason: expect.stringContaining(refusal),
  });
  expect(takeEvents()).toEqual([parkedEvent]);

  await allow();
  await runDueAlarm(owner, turn.chatId);
  expect(await storedMessage(owner, turn.assistantMessageId)).toMatchObject({
    status: "streaming",
  });
  expect(await retryIn(owner, turn)).toEqual({ kind: "delivered" });
  expect(await parkedIn(owner, turn.chatId)).toEqual([]);
  expect(await retryIn(owner, turn)).toEqual({ kind: "none" });
  const { row } = await turnInObject(owner, turn);
  expect(row).toMatchObject({ deliverAt: null, isStored: 1, archivedIn: "kv" });
  expect(await expectSound(owner, turn, [{ events }])).toBe("stopped");
  await runLateAlarm(owner, turn.chatId);
  expect((await turnInObject(owner, turn)).chunks).toEqual([]);
});

test("another try that cannot reach D1 goes on by itself", async () => {
  const { owner, turn, events, allow } = await parkedEnd();
  await allow();
  const key = { userId: owner.user.id, chatId: turn.chatId };
  setFaults(key, { decide: (step) => (step === "d1" ? "fail" : undefined) });
  expect(await retryIn(owner, turn)).toEqual({ kind: "waiting" });
  setFaults(key, undefined);
  await runDueAlarm(owner, turn.chatId);
  expect(await expectSound(owner, turn, [{ events }])).toBe("stopped");
  takeErrors();
});

test("messages that are sent meanwhile count as tries, and the last try's own message goes through", async () => {
  const { owner, turn } = await refusedEnd();
  // No alarm runs here: only the messages cause attempts.
  await expect
    .poll(async () => (await turnInObject(owner, turn)).row?.deliveryAttempts)
    .toBeGreaterThanOrEqual(1);
  const tried = await runInDurableObject(stubOf(owner, turn.chatId), (_, { storage }) => {
    storage.sql.exec("UPDATE turns SET deliverAt = 9e15 WHERE deliverAt IS NOT NULL");
    return Number(storage.sql.exec("SELECT refusals FROM turns").one().refusals);
  });
  const wish = question("count to 3", { chatId: turn.chatId });
  for (let tries = tried; tries < refusalsToPark - 1; tries += 1) {
    const refused = await errorOf(owner.api.messages.send.mutate(wish));
    expect(refused.errorCode).toBe("INTERNAL");
  }
  expect(await parkedIn(owner, turn.chatId)).toEqual([]);
  const sent = await owner.api.messages.send.mutate(wish);
  expect(await parkedIn(owner, turn.chatId)).toHaveLength(1);
  const answer = chunksOf(await (await openStream(owner, sent)).rest());
  expect(numbersIn(textOf(answer))).toEqual(numbersTo(3));
  takeErrors();
});

test("an end that D1 may take later is never parked", async () => {
  const owner = await callerFor("owner");
  const chatId = newId();
  const key = { userId: owner.user.id, chatId };
  let isBroken = true;
  setFaults(key, {
    decide: (step, sql) =>
      isBroken && step === "d1" && sql.includes('update "messages" set "parts"')
        ? "fail"
        : undefined,
  });
  const turn = await ask(owner, "count to 20", chatId);
  const events = await turn.stream.rest();
  for (let tries = 0; tries <= refusalsToPark; tries += 1) await runDueAlarm(owner, chatId);
  expect(await parkedIn(owner, chatId)).toEqual([]);
  expect((await turnInObject(owner, turn)).row).toMatchObject({ isStored: 0 });
  isBroken = false;
  takeErrors();
  await runDueAlarm(owner, chatId);
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
});

test("a chat with a parked end can be deleted", async () => {
  const { owner, turn } = await parkedEnd();
  takeErrors();
  await owner.api.chats.delete.mutate({ chatId: turn.chatId });
  expect(await parkedIn(owner, turn.chatId)).toEqual([]);
  expect((await turnInObject(owner, turn)).chunks).toEqual([]);
});
