/** D1, KV or R2 fails while an answer is delivered, or the object dies during the delivery. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { runDueAlarm, runLateAlarm, stubOf } from "../../../../test/chat-objects.ts";
import { errorOf } from "../../../../test/client.ts";
import {
  deathsOf,
  type Fate,
  type Faults,
  faultMessage,
  setFaults,
} from "../../../../test/faults.ts";
import {
  expectEnded,
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
  endOf,
  numbersIn,
  numbersTo,
  question,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { deliveryDelayMs } from "../object/finish/turn-outbox.ts";

/** The statement that writes an answer's end to D1. */
const isFinish = (sql: string) => /update "messages" set "parts"/.test(sql);

/** A chat with these faults and no messages yet. */
async function chatWith(faults: Faults) {
  const owner = await callerFor("owner");
  const chatId = newId();
  setFaults({ userId: owner.user.id, chatId }, faults);
  const heal = () => setFaults({ userId: owner.user.id, chatId }, undefined);
  return { owner, chatId, heal };
}

const alarmOf = (owner: Caller, chatId: string) =>
  runInDurableObject(stubOf(owner, chatId), (_, { storage }) => storage.getAlarm());

/** Takes the logged errors. All must be of failed deliveries. */
function takeFailedDeliveries(): number {
  const errors = takeErrors();
  for (const { event, text } of errors) {
    expect(event).toBe("messages.delivery_failed");
    expect(text).toContain(faultMessage);
  }
  return errors.length;
}

test.for<["d1" | "kv" | "r2", Fate]>([
  ["d1", "fail"],
  ["d1", "fail-after"],
  ["kv", "fail"],
  ["kv", "fail-after"],
  ["r2", "fail"],
  ["r2", "fail-after"],
])(
  "%s answers a delivery with %s: nothing is forgotten, and it goes through later",
  async ([step, fate]) => {
    let isBroken = true;
    const { owner, chatId } = await chatWith({
      decide: (at, detail) =>
        isBroken && at === step && (at !== "d1" || isFinish(detail)) ? fate : undefined,
      ...(step === "r2" && { kvMaxBytes: 10 }),
    });
    const turn = await ask(owner, "count to 300", chatId);
    const events = await turn.stream.rest();
    expect(numbersIn(textOf(chunksOf(events)))).toEqual(numbersTo(300));
    expect(endOf(chunksOf(events))).toMatchObject({ status: "complete" });

    const log = await logOf(owner, turn);
    const readWhole = async () => chunksOf(await (await openStream(owner, turn)).rest());
    for (const tries of [1, 2, 3]) {
      await expect
        .poll(async () => (await turnInObject(owner, turn)).row?.deliveryAttempts)
        .toBeGreaterThanOrEqual(tries);
      // The alarm is set for another attempt, and the log stays until it succeeds, however long
      // that takes.
      const { row } = await turnInObject(owner, turn);
      expect(row).toMatchObject({ state: "ended", doneAt: null });
      expect(row?.deliverAt).not.toBeNull();
      expect(await alarmOf(owner, chatId)).not.toBeNull();
      await runLateAlarm(owner, chatId);
      expect(await logOf(owner, turn)).toEqual(log);
      // The reader gets the whole answer, and the chat shows its end.
      expect(textOf(await readWhole())).toBe(textOf(chunksOf(events)));
      const shown = (await owner.api.messages.list.query({ chatId })).items.at(-1);
      expect(shown).toMatchObject({ status: "complete" });
      expect(shown?.parts.at(-1)).toMatchObject({ text: textOf(chunksOf(events)) });
    }
    expect(takeFailedDeliveries()).toBeGreaterThanOrEqual(3);

    isBroken = false;
    await runDueAlarm(owner, chatId);
    expect((await turnInObject(owner, turn)).row).toMatchObject({ deliverAt: null, isStored: 1 });
    await expectSound(owner, turn, [{ events }]);
    // Only now, when both have the answer, is the log deleted. The answer can still be read.
    await runLateAlarm(owner, chatId);
    expect((await turnInObject(owner, turn)).chunks).toEqual([]);
    expect(await expectEnded(owner, turn, [{ events }])).toBe("complete");
  },
);

test("an object that is evicted between the end and the archive goes on with the delivery", async () => {
  let isBroken = true;
  const { owner, chatId } = await chatWith({
    decide: (step) => (isBroken && step === "kv" ? "fail" : undefined),
  });
  const turn = await ask(owner, "count to 300", chatId);
  const events = await turn.stream.rest();
  await expect
    .poll(async () => (await turnInObject(owner, turn)).row?.deliveryAttempts)
    .toBeGreaterThanOrEqual(1);
  expect(takeFailedDeliveries()).toBeGreaterThanOrEqual(1);
  await evictDurableObject(stubOf(owner, chatId));
  expect((await turnInObject(owner, turn)).row).toMatchObject({ archivedIn: null, doneAt: null });
  expect(await alarmOf(owner, chatId)).not.toBeNull();
  isBroken = false;
  await runDueAlarm(owner, chatId);
  expect((await turnInObject(owner, turn)).row).toMatchObject({ archivedIn: "kv" });
  await runLateAlarm(owner, chatId);
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
  takeFailedDeliveries();
});

test("tries come later and later, and every five minutes in the end", () => {
  const delays = Array.from({ length: 12 }, (_, attempts) => deliveryDelayMs(attempts));
  expect(delays.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(delays.at(-1)).toBe(300_000);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
});

test("while D1 cannot be reached the next message is refused, and goes through later", async () => {
  let isBroken = false;
  const { owner, chatId } = await chatWith({
    decide: (at) => (isBroken && at === "d1" ? "fail" : undefined),
  });
  const turn = await ask(owner, "count to 2000", chatId);
  isBroken = true;
  const events = await turn.stream.rest();
  expect(endOf(chunksOf(events))).toMatchObject({ status: "complete" });
  const wish = question("count to 5", { chatId });
  const refusal = await errorOf(owner.api.messages.send.mutate(wish));
  expect(refusal.errorCode).toBe("INTERNAL");
  // The stored messages can be read meanwhile.
  expect((await owner.api.messages.list.query({ chatId })).items.at(-1)).toMatchObject({
    id: turn.assistantMessageId,
    status: "complete",
  });
  const whole = await (await openStream(owner, turn)).rest();
  expect(textOf(chunksOf(whole))).toBe(textOf(chunksOf(events)));

  isBroken = false;
  takeErrors();
  // The same message, as the browser retries it. It delivers the earlier end first.
  const sent = await owner.api.messages.send.mutate(wish);
  expect(await storedMessage(owner, turn.assistantMessageId)).toMatchObject({ status: "complete" });
  const answer = chunksOf(await (await openStream(owner, sent)).rest());
  expect(numbersIn(textOf(answer))).toEqual(numbersTo(5));
  await runDueAlarm(owner, chatId);
  await expectEnded(owner, sent, []);
  await expectSound(owner, turn, [{ events }]);
});

/** Makes the object die once, at the first step that matches. */
async function crashingChat(fits: (step: string, detail: string) => boolean, fate: Fate) {
  let isDead = false;
  const chat = await chatWith({
    decide: (step, detail) => {
      if (isDead || !fits(step, detail)) return undefined;
      isDead = true;
      return fate;
    },
  });
  return { ...chat, deaths: () => deathsOf({ userId: chat.owner.user.id, chatId: chat.chatId }) };
}

test.for<[name: string, fits: (step: string, detail: string) => boolean, fate: Fate]>([
  ["between the terminal block and D1", (step) => step === "transaction", "crash-after"],
  ["just before D1 has the end", (step, sql) => step === "d1" && isFinish(sql), "crash"],
  ["just after D1 has the end", (step, sql) => step === "d1" && isFinish(sql), "crash-after"],
  ["between D1 and KV", (step) => step === "kv", "crash"],
  ["just after KV has the log", (step) => step === "kv", "crash-after"],
])("a crash %s changes nothing about the end", async ([, fits, fate]) => {
  const { owner, chatId, deaths } = await crashingChat(fits, fate);
  const turn = await ask(owner, "count to 300", chatId);
  const events = await turn.stream.rest();
  await expect.poll(deaths).toBe(1);
  expect(endOf(chunksOf(events))).toMatchObject({ status: "complete" });
  expect(numbersIn(textOf(chunksOf(events)))).toEqual(numbersTo(300));
  // No call arrives: the alarm alone delivers the end to both.
  await runDueAlarm(owner, chatId);
  expect((await turnInObject(owner, turn)).row).toMatchObject({
    deliverAt: null,
    isStored: 1,
    archivedIn: "kv",
  });
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
});

const isInsert = (step: string, sql: string) => step === "d1" && /insert into "messages"/.test(sql);

test("a crash before D1 has the question: the turn has never begun, and is sent again", async () => {
  const { owner, chatId } = await crashingChat(isInsert, "crash");
  const wish = question("count to 20", { chatId });
  expect((await errorOf(owner.api.messages.send.mutate(wish))).errorCode).toBe("INTERNAL");
  expect((await owner.api.chats.list.query({})).items).toHaveLength(0);
  takeErrors();
  const sent = await owner.api.messages.send.mutate(wish);
  const events = await (await openStream(owner, sent)).rest();
  expect(numbersIn(textOf(chunksOf(events)))).toEqual(numbersTo(20));
  expect(await expectSound(owner, sent, [{ events }])).toBe("complete");
});

test.for<[string, Fate]>([
  ["the object dies", "crash-after"],
  ["D1's answer is lost", "fail-after"],
])(
  "D1 has the question, and then %s: the turn is interrupted, and told to who sends again",
  async ([, fate]) => {
    const { owner, chatId } = await crashingChat(isInsert, fate);
    const wish = question("count to 20", { chatId });
    expect((await errorOf(owner.api.messages.send.mutate(wish))).errorCode).toBe("INTERNAL");
    takeErrors();
    const sent: SomeTurn = await owner.api.messages.send.mutate(wish);
    expect(await expectSound(owner, sent, [])).toBe("interrupted");
  },
);

test("a crash right after D1's answer, before the first chunk is on disk, is interrupted too", async () => {
  // The first sync is that of the turn's first block.
  const { owner, chatId } = await crashingChat((step) => step === "sync", "crash");
  const wish = question("count to 20", { chatId });
  await owner.api.messages.send.mutate(wish).catch(() => undefined);
  takeErrors();
  const sent = await owner.api.messages.send.mutate(wish);
  expect(await expectSound(owner, sent, [])).toBe("interrupted");
});

test("a chat is deleted while its log is on the way to the archive: nothing is left there", async () => {
  const { owner, chatId } = await chatWith({ kvMaxBytes: 10 });
  const turn = await ask(owner, "count to 2000", chatId);
  await owner.api.chats.delete.mutate({ chatId });
  await turn.stream.rest();
  expect(await env.FILES.get(`streams/${turn.streamId}`)).toBeNull();
  expect((await turnInObject(owner, turn)).chunks).toEqual([]);
});
