/** The object dies in mid-answer, and the answer goes on by itself where it may. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { crash, runDueAlarm, stubOf, withdrawModels } from "../../../../test/chat-objects.ts";
import { errorOf } from "../../../../test/client.ts";
import { createLimit } from "../../../../test/factories.ts";
import { deathsOf, type Fate, type Faults, setFaults } from "../../../../test/faults.ts";
import {
  expectEnded,
  expectSound,
  logOf,
  type SomeTurn,
  storedMessage,
  streamingCount,
} from "../../../../test/invariants.ts";
import { modelTurnsOf } from "../../../../test/model-calls.ts";
import { countingText, type Script, scriptText } from "../../../../test/scripted-model.ts";
import { type Chunk, openStream, type StreamEvent } from "../../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endlessThoughts,
  endOf,
  hasSaidAfter,
  numbersIn,
  numbersTo,
  question,
  readUntil,
  restartsIn,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { maxRestarts } from "../object/recover/cut-log.ts";

const { ACCOUNT_MESSAGES_PER_DAY, DEMO_TOKENS_PER_SECOND } = env;
afterEach(() => {
  Object.assign(env, { ACCOUNT_MESSAGES_PER_DAY, DEMO_TOKENS_PER_SECOND });
});

/** The first turn falls silent after more than half. The restart says the rest. */
const script: Script = { length: 1_500, sizes: [7], perTurn: 800 };
const half = 800;
const whole = countingText(1_500);

const says = (length: number) => (events: readonly StreamEvent<Chunk[]>[]) =>
  textOf(chunksOf(events)).length >= length;
const usedBy = async ({ api }: Caller) => (await api.account.usage.query({})).today.messages.used;

/** An answer that has said so many characters; its reader has seen them. */
async function answering(text: string, faults?: Faults, length = 100) {
  const owner = await callerFor("owner");
  const chatId = newId();
  setFaults({ userId: owner.user.id, chatId }, faults);
  const { stream, input, ...turn } = await ask(owner, text, chatId);
  const seen = await readUntil(stream, says(length));
  return { owner, chatId, stream, input, turn, seen };
}

/** Makes the object die, unnoticed by any reader. */
async function crashUnseen({ owner, chatId, stream }: Awaited<ReturnType<typeof answering>>) {
  await stream.cancel();
  await crash(owner, chatId);
}

/** Checks that the turn ended without another call of its model, and that nothing was charged for it. */
async function expectNotRestarted(owner: Caller, turn: SomeTurn, status: string) {
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(endOf(chunks)).toMatchObject({ status });
  expect(restartsIn(chunks)).toEqual([]);
  expect(modelTurnsOf(owner.user.id)).toBe(1);
  expect(await usedBy(owner)).toBe(1);
}

test("an answer goes on by itself for all its readers, and ends as it would have", async () => {
  const length = 2_000;
  const text = scriptText({ length, sizes: [7], pausesMs: [8] });
  const { owner, stream, turn, seen, input } = await answering(text);
  // A second reader that has missed some, and reads on from its last id.
  const lastEventId = seen[1]?.id ?? "";
  const second = await openStream(owner, { ...turn, lastEventId });
  const begun = await readUntil(second, (events) => events.length >= 1);
  await crash(owner, turn.chatId);
  const late = await openStream(owner, { chatId: turn.chatId });
  // Sent again, as a browser does that has heard nothing, it is the same turn; another one waits.
  expect(await owner.api.messages.send.mutate(input)).toMatchObject({ streamId: turn.streamId });
  const other = question("count to 3", { chatId: turn.chatId });
  expect((await errorOf(owner.api.messages.send.mutate(other))).errorCode).toBe("CONFLICT");
  const { items } = await owner.api.messages.list.query({ chatId: turn.chatId });
  expect(items.at(-1)).toMatchObject({ status: "streaming", streamId: turn.streamId });

  const [first, rest, lateEvents] = await Promise.all([stream.rest(), second.rest(), late.rest()]);
  const afterSeq = Number(lastEventId.split(":")[1]);
  const readers = [
    { events: [...seen, ...first] },
    { afterSeq, events: [...begun, ...rest] },
    { events: lateEvents },
  ];
  for (const events of [readers[0]?.events ?? [], lateEvents]) {
    expect(textOf(chunksOf(events))).toBe(countingText(length));
    expect(endOf(chunksOf(events))).toMatchObject({ status: "complete" });
    expect(restartsIn(chunksOf(events))).toEqual([1]);
  }
  expect(await expectEnded(owner, turn, readers)).toBe("complete");
  const parts = JSON.parse((await storedMessage(owner, turn.assistantMessageId))?.parts ?? "[]");
  expect(parts).toMatchObject([
    { type: "step-start" },
    { type: "text", text: countingText(length) },
    { type: "data-restart", data: { count: 1 } },
  ]);
  expect(modelTurnsOf(owner.user.id)).toBe(2);
  expect(await usedBy(owner)).toBe(2);
  expect(await expectSound(owner, turn, [])).toBe("complete");
});

test("an answer that is too long for memory goes on too, and is read from its beginning", async () => {
  const length = 400_000;
  const text = scriptText({ length, sizes: [4_000], perTurn: length / 2 });
  const { owner, stream, turn, seen } = await answering(text, undefined, length / 2);
  await crash(owner, turn.chatId);
  const late = await openStream(owner, { chatId: turn.chatId });
  const readers = [{ events: [...seen, ...(await stream.rest())] }, { events: await late.rest() }];
  for (const { events } of readers) expect(textOf(chunksOf(events))).toBe(countingText(length));
  expect(await expectSound(owner, turn, readers)).toBe("complete");
});

test("the demo model goes on in the middle of its answer", async () => {
  // It takes five seconds, also on a busy machine: at a higher pace the model never waits there, and
  // its object dies only after the end.
  Object.assign(env, { DEMO_TOKENS_PER_SECOND: "200" });
  const { owner, stream, turn, seen } = await answering("count to 1000");
  await crash(owner, turn.chatId);
  const chunks = chunksOf([...seen, ...(await stream.rest())]);
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(1000));
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(restartsIn(chunks)).toEqual([1]);
});

test("no call follows: the lease alarm alone lets the answer go on", async () => {
  const answer = await answering(scriptText(script), undefined, half);
  const { owner, turn } = answer;
  await crashUnseen(answer);
  await runDueAlarm(owner, turn.chatId);
  await expect
    .poll(() => storedMessage(owner, turn.assistantMessageId), { timeout: 20_000 })
    .toMatchObject({
      status: "complete",
    });
  const chunks = chunksOf(await (await openStream(owner, turn)).rest());
  expect(textOf(chunks)).toBe(whole);
  expect(await expectSound(owner, turn, [])).toBe("complete");
});

test("after two restarts the next crash interrupts the answer, also when its reader has continued it", async () => {
  const { owner, stream, turn, seen } = await answering(endlessQuestion);
  const events = [...seen];
  for (let restarts = 0; restarts < maxRestarts; restarts += 1) {
    await crash(owner, turn.chatId);
    const length = textOf(chunksOf(events)).length;
    const goesOn = (more: typeof events) => hasSaidAfter(chunksOf(more), restarts + 1);
    events.push(...(await readUntil(stream, (more) => goesOn([...more]))));
    expect(textOf(chunksOf(events)).length).toBeGreaterThan(length);
  }
  await crash(owner, turn.chatId);
  events.push(...(await stream.rest()));
  expect(endOf(chunksOf(events))).toEqual({ status: "interrupted" });
  expect(restartsIn(chunksOf(events))).toEqual([1, 2]);
  const text = textOf(chunksOf(events));
  expect(text).toBe(countingText(text.length));
  expect(await expectEnded(owner, turn, [{ events }])).toBe("interrupted");
  expect(await usedBy(owner)).toBe(3);
  expect(modelTurnsOf(owner.user.id)).toBe(3);

  const { chatId, assistantMessageId: messageId } = turn;
  const continued = await owner.api.messages.continue.mutate({ chatId, messageId });
  const again = await openStream(owner, continued);
  const more = await readUntil(again, says(text.length + 100));
  await crash(owner, chatId);
  more.push(...(await again.rest()));
  expect(endOf(chunksOf(more))).toEqual({ status: "interrupted" });
  expect(restartsIn(chunksOf(more))).toEqual([2]);
  expect(textOf(chunksOf(more))).toBe(countingText(textOf(chunksOf(more)).length));
  expect(await expectSound(owner, { ...turn, ...continued }, [{ events: more }])).toBe(
    "interrupted",
  );
  expect(modelTurnsOf(owner.user.id)).toBe(5);
});

test("a second crash before anything more was said interrupts the answer", async () => {
  const { owner, stream, turn, seen } = await answering(
    // It has said everything, and a restart says nothing more.
    scriptText({ length: 200, sizes: [200], end: "silence" }),
  );
  await crash(owner, turn.chatId);
  const events = [
    ...seen,
    ...(await readUntil(stream, (read) => restartsIn(chunksOf(read)).length > 0)),
  ];
  await crash(owner, turn.chatId);
  events.push(...(await stream.rest()));
  expect(endOf(chunksOf(events))).toEqual({ status: "interrupted" });
  expect(await usedBy(owner)).toBe(2);
  expect(await expectSound(owner, turn, [{ events }])).toBe("interrupted");
});

test("an answer that has only thought is interrupted at once", async () => {
  const owner = await callerFor("owner");
  const { stream, input: _, ...turn } = await ask(owner, endlessThoughts);
  await readUntil(stream, (events) => events.length >= 5);
  await crash(owner, turn.chatId);
  expect(endOf(chunksOf(await stream.rest()))).toEqual({ status: "interrupted" });
  await expectNotRestarted(owner, turn, "interrupted");
});

test.for<[string, (answer: Awaited<ReturnType<typeof answering>>) => unknown]>([
  [
    "the day's messages are used up",
    () => void Object.assign(env, { ACCOUNT_MESSAGES_PER_DAY: "1" }),
  ],
  ["its model is gone", ({ owner, chatId }) => void withdrawModels(owner, chatId)],
  [
    "its owner is disabled",
    ({ owner }) =>
      env.HOME.prepare("UPDATE users SET disabledAt = 1 WHERE id = ?").bind(owner.user.id).run(),
  ],
  [
    "its owner's storage is full",
    ({ owner }) => createLimit({ userId: owner.user.id }, "storageMaxMessages", 1),
  ],
  [
    "its time was up while no object ran it",
    ({ owner, chatId }) => change(owner, chatId, "startedAt = startedAt - 14400000"),
  ],
  [
    "an earlier version of the worker began it",
    ({ owner, chatId }) => change(owner, chatId, "wish = NULL"),
  ],
])("an answer is interrupted, and costs nothing more, when %s", async ([, happens]) => {
  const answer = await answering(endlessQuestion);
  const { owner, turn, chatId } = answer;
  await happens(answer);
  await crashUnseen(answer);
  await runDueAlarm(owner, chatId);
  expect(await storedMessage(owner, turn.assistantMessageId)).toMatchObject({
    status: "interrupted",
  });
  await env.HOME.prepare("UPDATE users SET disabledAt = NULL WHERE id = ?")
    .bind(owner.user.id)
    .run();
  await expectNotRestarted(owner, turn, "interrupted");
});

function change(owner: Caller, chatId: string, assignment: string) {
  return runInDurableObject(stubOf(owner, chatId), (_, { storage }) => {
    storage.sql.exec(`UPDATE turns SET ${assignment}`);
  });
}

test("a stop before the restart ends the answer as stopped", async () => {
  const answer = await answering(endlessQuestion);
  const { owner, turn } = answer;
  await crashUnseen(answer);
  expect(await owner.api.messages.stop.mutate(turn)).toEqual({ status: "stopped" });
  await expectNotRestarted(owner, turn, "stopped");
  expect(await expectSound(owner, turn, [])).toBe("stopped");
});

/** Faults that hold the first step of a kind after `arm`, until it is released. */
function holding(isStep: (step: string, detail: string) => boolean) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isArmed = false;
  const faults: Faults = {
    before(step, detail) {
      if (!isArmed || !isStep(step, detail)) return undefined;
      reached.resolve();
      return released.promise;
    },
  };
  const arm = () => {
    isArmed = true;
  };
  return { faults, arm, reached: reached.promise, release: released.resolve };
}

/** The statement with which a restart checks that its answer fits into the storage. */
const isFit = (step: string, sql: string) => step === "d1" && /^UPDATE contentUse/.test(sql);

test("a stop wins over a restart that is already counted, which is given back", async () => {
  const { faults, arm, reached, release } = holding(isFit);
  const answer = await answering(endlessQuestion, faults);
  const { owner, turn } = answer;
  arm();
  await crashUnseen(answer);
  const alarm = runDueAlarm(owner, turn.chatId);
  await reached;
  expect(await usedBy(owner)).toBe(2);
  const stop = owner.api.messages.stop.mutate(turn);
  // The stop waits for the restart that it prevents.
  await expect.poll(() => Promise.race([stop, "waiting"])).toBe("waiting");
  release();
  expect(await stop).toEqual({ status: "stopped" });
  await alarm;
  await expectNotRestarted(owner, turn, "stopped");
});

test.each(["before", "during"])(
  "a chat that is deleted %s the restart stays deleted",
  async (when) => {
    const { faults, arm, reached, release } = holding(isFit);
    const answer = await answering(endlessQuestion, faults);
    const { owner, turn, chatId } = answer;
    arm();
    await crashUnseen(answer);
    const alarm = when === "during" ? runDueAlarm(owner, chatId) : undefined;
    if (alarm) await reached;
    const deletion = owner.api.chats.delete.mutate({ chatId });
    if (alarm) await expect.poll(() => streamingCount(owner, chatId)).toBe(0);
    release();
    await deletion;
    await alarm;
    expect(modelTurnsOf(owner.user.id)).toBe(1);
    expect(await usedBy(owner)).toBe(1);
    expect(await logOf(owner, turn)).toEqual([]);
    expect(await storedMessage(owner, turn.assistantMessageId)).toBeNull();
  },
);

test.each<[Fate, { status: string; charged: number; calls: number }]>([
  ["crash", { status: "complete", charged: 2, calls: 2 }],
  ["crash-after", { status: "complete", charged: 2, calls: 2 }],
  ["fail", { status: "interrupted", charged: 1, calls: 1 }],
  ["fail-after", { status: "interrupted", charged: 1, calls: 1 }],
])(
  "a restart whose last check ends with %s is charged as often as it calls its model",
  async (fate, end) => {
    let isDone = true;
    const answer = await answering(
      scriptText(script),
      {
        decide(step, sql) {
          if (isDone || !isFit(step, sql)) return undefined;
          isDone = true;
          return fate;
        },
      },
      half,
    );
    const { owner, turn, chatId } = answer;
    isDone = false;
    await crashUnseen(answer);
    const events = await (await openStream(owner, turn)).rest();
    expect(isDone).toBe(true);
    expect(deathsOf({ userId: owner.user.id, chatId })).toBe(fate?.startsWith("crash") ? 1 : 0);
    expect(endOf(chunksOf(events))).toMatchObject({ status: end.status });
    expect(await usedBy(owner)).toBe(end.charged);
    expect(modelTurnsOf(owner.user.id)).toBe(end.calls);
    expect(await expectSound(owner, turn, [{ events }])).toBe(end.status);
  },
);

test("a tool that was running is not run again: its call is an error for the model", async () => {
  const input = { pieces: 100_000, size: 5, pauseMs: 5 };
  const call = { toolName: "writeDraft", input };
  const text = scriptText({ length: 200, sizes: [5], saysFirst: 30, call });
  const owner = await callerFor("owner");
  const { stream, input: _, ...turn } = await ask(owner, text);
  const isWriting = (events: readonly StreamEvent<Chunk[]>[]) =>
    chunksOf(events).some(({ type }) => type === "data-draft");
  const seen = await readUntil(stream, isWriting);
  await crash(owner, turn.chatId);
  const events = [...seen, ...(await stream.rest())];
  const chunks = chunksOf(events);
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(chunks.filter(({ type }) => type === "tool-input-available")).toHaveLength(1);
  expect(chunks.filter(({ type }) => type === "tool-output-error")).toHaveLength(1);
  // Before the model goes on, so that no reader sees a tool run that does not.
  const types = chunks.map(({ type }) => type);
  expect(types.indexOf("tool-output-error")).toBeLessThan(types.indexOf("data-restart"));
  // The script begins anew after a call.
  expect(textOf(chunks)).toBe(countingText(30) + countingText(200));
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
});
