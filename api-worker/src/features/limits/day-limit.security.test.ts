/** Ways around the day's limit of messages. Each was open once. */
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { crash } from "../../../test/chat-objects.ts";
import { deathsOf, type Fate, setFaults } from "../../../test/faults.ts";
import { takeErrors } from "../../../test/logs.ts";
import { modelTurnsOf, restartsOf } from "../../../test/model-calls.ts";
import { openStream } from "../../../test/stream.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endOf,
  hasSaidAfter,
  question,
  readUntil,
} from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";

const { GUEST_MESSAGES_PER_DAY, ACCOUNT_MESSAGES_PER_DAY } = env;
afterEach(() => {
  Object.assign(env, { GUEST_MESSAGES_PER_DAY, ACCOUNT_MESSAGES_PER_DAY });
});

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => "ok",
    (error: { data?: { errorCode?: string } }) => error.data?.errorCode ?? String(error),
  );
const usedBy = async ({ api }: Caller) => (await api.account.usage.query({})).today.messages.used;

/** Sends a message and reads its answer to the end. */
async function sendAndRead(caller: Caller, input: ReturnType<typeof question>): Promise<void> {
  const turn = await caller.api.messages.send.mutate(input);
  const chunks = chunksOf(await (await openStream(caller, turn)).rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
}

/** A question whose answer waits for approval of a tool call. */
async function askedForWeather(caller: Caller, chatId?: string) {
  const { chatId: id, assistantMessageId, stream } = await ask(caller, "weather in Oslo", chatId);
  const chunks = chunksOf(await stream.rest());
  const request = chunks.find(({ type }) => type === "tool-approval-request");
  const approvals = [{ approvalId: String(request?.approvalId), isApproved: true }];
  return { chatId: id, messageId: assistantMessageId, approvals };
}

test.each([
  ["in the same chat", (input: { chatId: string }) => input.chatId, "delete"],
  ["in another chat", newId, "delete"],
  ["after deleting all chats", newId, "deleteAll"],
] as const)(
  "a message id that is sent again after its chat is gone counts again: %s",
  async (_, chatIdFor, way) => {
    env.GUEST_MESSAGES_PER_DAY = "3";
    const guest = await callerFor("guest");
    const first = question("count to 1");
    const outcomes: unknown[] = [];
    let input = first;
    for (let round = 0; round < 6; round += 1) {
      outcomes.push(await outcomeOf(sendAndRead(guest, input)));
      // A message that was refused has made no chat.
      const remove = () =>
        way === "delete"
          ? guest.api.chats.delete.mutate({ chatId: input.chatId })
          : guest.api.chats.deleteAll.mutate();
      await remove().catch(() => undefined);
      input = { ...first, chatId: chatIdFor(first) };
    }
    expect(outcomes).toEqual(["ok", "ok", "ok", ...Array(3).fill("RATE_LIMITED")]);
    expect(await usedBy(guest)).toBe(3);
    expect(modelTurnsOf(guest.user.id)).toBe(3);
  },
);

test.each([true, false])(
  "a decision on a tool call (%s) counts, because a model is called",
  async (isApproved) => {
    env.GUEST_MESSAGES_PER_DAY = "2";
    const guest = await callerFor("guest");
    const { approvals, ...key } = await askedForWeather(guest);
    expect(await usedBy(guest)).toBe(1);
    const decided = approvals.map(({ approvalId }) => ({ approvalId, isApproved }));
    const turn = await guest.api.messages.approve.mutate({ ...key, approvals: decided });
    await (await openStream(guest, turn)).rest();
    expect(await usedBy(guest)).toBe(2);
    expect(modelTurnsOf(guest.user.id)).toBe(2);
    expect(await outcomeOf(guest.api.messages.send.mutate(question("hello")))).toBe("RATE_LIMITED");
  },
);

test("with the day used up a tool call keeps waiting, and no model is called", async () => {
  env.GUEST_MESSAGES_PER_DAY = "1";
  const guest = await callerFor("guest");
  const { approvals, ...key } = await askedForWeather(guest);
  const approve = () => outcomeOf(guest.api.messages.approve.mutate({ ...key, approvals }));
  expect([await approve(), await approve()]).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
  expect(modelTurnsOf(guest.user.id)).toBe(1);
  const { items } = await guest.api.messages.list.query({ chatId: key.chatId });
  expect(items.at(-1)).toMatchObject({ status: "complete" });
  expect(items.at(-1)?.parts.at(-1)).toMatchObject({ state: "approval-requested" });
  // It can be approved when there is something left again.
  env.GUEST_MESSAGES_PER_DAY = "2";
  expect(await approve()).toBe("ok");
  expect(await usedBy(guest)).toBe(2);
});

test("an approval that is sent twice at once counts once, and one that comes too late counts nothing", async () => {
  const owner = await callerFor("owner");
  const { approvals, ...key } = await askedForWeather(owner);
  const approve = () => owner.api.messages.approve.mutate({ ...key, approvals });
  const turns = await Promise.all([approve(), approve(), approve()]);
  expect(new Set(turns.map(({ streamId }) => streamId)).size).toBe(1);
  await (await openStream(owner, { chatId: key.chatId, streamId: turns[0].streamId })).rest();
  expect(await outcomeOf(approve())).toBe("INVALID");
  expect(await usedBy(owner)).toBe(2);
  expect(modelTurnsOf(owner.user.id)).toBe(2);
});

test("at the limit the message of a finished or running turn can be sent again", async () => {
  env.ACCOUNT_MESSAGES_PER_DAY = "2";
  const owner = await callerFor("owner");
  const finished = question("count to 1");
  const running = question("count to 300");
  await sendAndRead(owner, finished);
  const turn = await owner.api.messages.send.mutate(running);
  const again = await Promise.all(
    [finished, running].map((one) => owner.api.messages.send.mutate(one)),
  );
  expect(again[1]).toEqual(turn);
  await owner.api.messages.stop.mutate({ chatId: turn.chatId, streamId: turn.streamId });
  expect(await usedBy(owner)).toBe(2);
  expect(modelTurnsOf(owner.user.id)).toBeLessThanOrEqual(2);
});

test.each<[Fate, { counted: number; calls: number }]>([
  // The question never reached D1: the turn is given back, and the second send is another.
  ["fail", { counted: 1, calls: 1 }],
  ["crash", { counted: 1, calls: 1 }],
  // D1 has the question, so the second send finds the turn, which was interrupted.
  ["fail-after", { counted: 1, calls: 0 }],
  ["crash-after", { counted: 1, calls: 0 }],
])(
  "a message is counted once when saving it ends with %s and it is sent again",
  async (fate, expected) => {
    env.ACCOUNT_MESSAGES_PER_DAY = "1";
    const owner = await callerFor("owner");
    const input = question("count to 1");
    const key = { userId: owner.user.id, chatId: input.chatId };
    let isDone = false;
    setFaults(key, {
      decide(step, sql) {
        if (isDone || step !== "d1" || !/insert into "messages"/.test(sql)) return undefined;
        isDone = true;
        return fate;
      },
    });
    expect(await outcomeOf(owner.api.messages.send.mutate(input))).not.toBe("ok");
    expect(isDone).toBe(true);
    const turn = await owner.api.messages.send.mutate(input);
    await (await openStream(owner, turn)).rest();
    expect(await usedBy(owner)).toBe(expected.counted);
    expect(modelTurnsOf(owner.user.id)).toBe(expected.calls);
    expect(deathsOf(key)).toBe(fate?.startsWith("crash") ? 1 : 0);
    takeErrors();
  },
);

test.each([
  ["1", { charged: 1, calls: 1 }],
  ["2", { charged: 2, calls: 2 }],
  ["9", { charged: 3, calls: 3 }],
])(
  "an answer whose object dies again and again calls its model as often as it is charged: %s a day",
  async (perDay, expected) => {
    env.GUEST_MESSAGES_PER_DAY = perDay;
    const guest = await callerFor("guest");
    const { stream, ...turn } = await ask(guest, endlessQuestion);
    for (let deaths = 0; deaths < 5; deaths += 1) {
      await readUntil(stream, (events) => hasSaidAfter(chunksOf(events), deaths));
      await crash(guest, turn.chatId);
    }
    expect(endOf(chunksOf(await (await openStream(guest, turn)).rest()))).toMatchObject({
      status: "interrupted",
    });
    expect(await usedBy(guest)).toBe(expected.charged);
    expect(modelTurnsOf(guest.user.id)).toBe(expected.calls);
    expect(restartsOf([turn.streamId])).toBe(expected.calls - 1);
  },
);
