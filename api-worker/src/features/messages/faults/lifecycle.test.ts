/**
 * Readers, the object and the model fail in the middle of an answer. The turn's invariants hold
 * each time.
 */
import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { crash, runDueAlarm, runLateAlarm, stubOf } from "../../../../test/chat-objects.ts";
import { type Faults, setFaults } from "../../../../test/faults.ts";
import {
  expectEnded,
  expectSound,
  seqOf,
  streamingCount,
  turnInObject,
} from "../../../../test/invariants.ts";
import { type Script, scriptText } from "../../../../test/scripted-model.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, readUntil } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const endless: Script = { length: 40_000, sizes: [7], pausesMs: [4] };
/**
 * An answer that only thinks gets nowhere, so its turn ends when its object dies. `restart.test.ts` has
 * the answers that go on.
 */
const endlessThoughts: Script = { ...endless, length: 1, thoughts: 40_000 };

/** A live answer in a chat with these faults. */
async function answering(script: Script, faults?: Faults) {
  const owner = await callerFor("owner");
  const chatId = newId();
  setFaults({ userId: owner.user.id, chatId }, faults);
  return { owner, ...(await ask(owner, scriptText(script), chatId)) };
}

test("all readers leave in mid-answer, and the turn goes on to its end", async () => {
  const { owner, stream, ...turn } = await answering({ length: 3_000, sizes: [9], pausesMs: [1] });
  const other = await openStream(owner, turn);
  const events = await readUntil(stream, (seen) => seen.length >= 2);
  await Promise.all([stream.cancel(), other.cancel()]);
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
});

test("three readers, one late and one resuming, see one log", async () => {
  const { owner, stream, ...turn } = await answering({ length: 4_000, sizes: [5], pausesMs: [1] });
  const first = await readUntil(stream, (seen) => seen.length >= 4);
  const late = await openStream(owner, turn);
  const lastEventId = first[1]?.id ?? "";
  const resumed = await openStream(owner, { ...turn, lastEventId });
  const [rest, lateEvents, resumedEvents] = await Promise.all([
    stream.rest(),
    late.rest(),
    resumed.rest(),
  ]);
  const seen = [
    { events: [...first, ...rest] },
    { events: lateEvents },
    { afterSeq: seqOf(first[1]), events: resumedEvents },
  ];
  expect(new Set(seen.map(({ events }) => seqOf(events.at(-1)))).size).toBe(1);
  expect(await expectSound(owner, turn, seen)).toBe("complete");
});

test("a reader that does not read while an answer grows past the cap gets all of it later", async () => {
  const { owner, stream, ...turn } = await answering({ length: 900_000, sizes: [3_000] });
  const quick = await (await openStream(owner, turn)).rest();
  expect(endOf(chunksOf(quick))).toMatchObject({ status: "complete" });
  const slow = await stream.rest();
  expect(seqOf(slow.at(-1))).toBe(seqOf(quick.at(-1)));
  expect(await expectSound(owner, turn, [{ events: quick }, { events: slow }])).toBe("complete");
});

test("the object dies again and again: what was seen stays, and each part ends once", async () => {
  const { owner, stream, ...turn } = await answering(endlessThoughts);
  const events = await readUntil(stream, (seen) => seen.length >= 3);
  await crash(owner, turn.chatId);
  await crash(owner, turn.chatId);
  events.push(...(await stream.rest()));
  expect(endOf(chunksOf(events))).toEqual({ status: "interrupted" });
  for (let time = 0; time < 3; time += 1) {
    const { chatId, assistantMessageId: messageId } = turn;
    const continued = await owner.api.messages.continue.mutate({ chatId, messageId });
    const again = await openStream(owner, { ...turn, ...continued });
    const seen = await readUntil(again, (read) => read.length >= 3);
    await crash(owner, turn.chatId);
    await crash(owner, turn.chatId);
    seen.push(...(await again.rest()));
    // The second crash may have interrupted the delivery. The alarm repeats it within seconds.
    await runDueAlarm(owner, turn.chatId);
    expect(await expectEnded(owner, { ...turn, ...continued }, [{ events: seen }])).toBe(
      "interrupted",
    );
  }
});

test("the object dies: its readers get the end of what is kept", async () => {
  const { owner, stream, ...turn } = await answering(endlessThoughts);
  const events = await readUntil(stream, (seen) => seen.length >= 5);
  await crash(owner, turn.chatId);
  events.push(...(await stream.rest()));
  expect(endOf(chunksOf(events))).toEqual({ status: "interrupted" });
  expect(await expectSound(owner, turn, [{ events }])).toBe("interrupted");
});

test("the object dies and no call follows: the lease alarm alone ends the turn", async () => {
  const { owner, stream, ...turn } = await answering(endlessThoughts);
  const events = await readUntil(stream, (seen) => seen.length >= 3);
  await stream.cancel();
  await crash(owner, turn.chatId);
  await runDueAlarm(owner, turn.chatId);
  expect(await streamingCount(owner, turn.chatId)).toBe(0);
  expect((await turnInObject(owner, turn)).row).toMatchObject({ state: "ended" });
  expect(await expectSound(owner, turn, [{ events }])).toBe("interrupted");
});

test("an idle object is evicted, before and after it has let the turn go", async () => {
  const { owner, stream, ...turn } = await answering({ length: 500, sizes: [20] });
  const seen = [{ events: await stream.rest() }];
  await expectEnded(owner, turn, seen);
  await evictDurableObject(stubOf(owner, turn.chatId));
  expect(await expectEnded(owner, turn, seen)).toBe("complete");
  await runDueAlarm(owner, turn.chatId);
  await runLateAlarm(owner, turn.chatId);
  await evictDurableObject(stubOf(owner, turn.chatId));
  expect((await turnInObject(owner, turn)).row).toBeUndefined();
  expect(await expectSound(owner, turn, seen)).toBe("complete");
});

test("a stop from a second device ends both readers with the same", async () => {
  const { owner, stream, ...turn } = await answering(endless);
  const other = await openStream(owner, turn);
  const events = await readUntil(stream, (seen) => seen.length >= 3);
  const stopped = await owner.api.messages.stop.mutate(turn);
  expect(stopped).toEqual({ status: "stopped" });
  events.push(...(await stream.rest()));
  const seen = [{ events }, { events: await other.rest() }];
  expect(seqOf(seen[1]?.events.at(-1))).toBe(seqOf(events.at(-1)));
  expect(await expectSound(owner, turn, seen)).toBe("stopped");
});

test.for<[code: string, script: Script, limits: Faults["limits"]]>([
  ["length_limit", endless, { contentMaxBytes: 500 }],
  ["time_limit", endless, { totalMs: 200 }],
  ["time_limit", { length: 50, sizes: [10], end: "silence" }, { idleMs: 150 }],
  ["stalled", { length: 50, sizes: [10], end: "silence" }, { stallMs: 150 }],
  ["unavailable", { length: 50, sizes: [10], end: "error" }, {}],
])(
  "an answer that ends by %s is failed, keeps what came, and says why",
  async ([errorCode, script, limits]) => {
    const { owner, stream, ...turn } = await answering(script, limits && { limits });
    const events = await stream.rest();
    expect(endOf(chunksOf(events))).toMatchObject({ status: "failed", errorCode });
    expect(chunksOf(events).some(({ type }) => type === "text-delta")).toBe(true);
    setFaults({ userId: owner.user.id, chatId: turn.chatId }, undefined);
    expect(await expectEnded(owner, turn, [{ events }])).toBe("failed");
  },
);
