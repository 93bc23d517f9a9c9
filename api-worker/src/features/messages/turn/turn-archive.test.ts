import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import {
  type Chunk,
  openStream,
  type StreamEvent,
  StreamFailure,
} from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, numbersIn, numbersTo, textOf } from "../../../../test/turns.ts";
import { BlockLog } from "../../../platform/block-log.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { newId } from "../../../platform/ids.ts";
import { parseArchive, TurnArchive } from "./turn-archive.ts";

const minutes = 60_000;

function stubOf(caller: Caller, chatId: string) {
  return chatObject(env, { userId: caller.user.id, chatId });
}

/** The numbers of turns and blocks in the object. */
function rowsOf(caller: Caller, chatId: string) {
  return runInDurableObject(stubOf(caller, chatId), (_, { storage: { sql } }) => ({
    turns: sql.exec("SELECT count(*) AS n FROM turns").one().n,
    blocks: sql.exec("SELECT count(*) AS n FROM blocks").one().n,
  }));
}

/** Runs the object's alarm as if this much time had passed since the deliveries. */
async function later(caller: Caller, chatId: string, ms: number): Promise<void> {
  const stub = stubOf(caller, chatId);
  await runInDurableObject(stub, async (_, { storage }) => {
    storage.sql.exec("UPDATE turns SET doneAt = doneAt - ?1, finishedAt = finishedAt - ?1", ms);
    await storage.setAlarm(Date.now() + minutes);
  });
  expect(await runDurableObjectAlarm(stub)).toBe(true);
}

/** An answer that was read to its end and delivered to D1 and the archive. */
async function answered(question: string) {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, question);
  const events = await stream.rest();
  await expect.poll(() => env.STREAMS.get(`stream:${streamId}`)).not.toBeNull();
  return { owner, chatId, streamId, events };
}

/** All chunks of a turn in the archive: not merged, numbered from 0. */
async function chunksInArchive(streamId: string): Promise<Chunk[]> {
  const stream = await env.STREAMS.get(`stream:${streamId}`, "stream");
  if (!stream) throw new Error("The turn is not in the archive.");
  const chunks: Chunk[] = [];
  for await (const block of parseArchive(stream)) chunks.push(...(block as Chunk[]));
  return chunks;
}

const seqOf = (event: StreamEvent<Chunk[]> | undefined) => Number(event?.id.split(":")[1]);

test("ten minutes after its end a turn leaves its object, and is read from the archive", async () => {
  const { owner, chatId, streamId, events } = await answered("count to 400");
  await later(owner, chatId, 9 * minutes);
  expect(await rowsOf(owner, chatId)).toMatchObject({ turns: 1 });
  await later(owner, chatId, 2 * minutes);
  expect(await rowsOf(owner, chatId)).toEqual({ turns: 0, blocks: 0 });

  const whole = await (await openStream(owner, { chatId, streamId })).rest();
  expect(numbersIn(textOf(chunksOf(whole)))).toEqual(numbersTo(400));
  expect(endOf(chunksOf(whole))).toMatchObject({ status: "complete" });
  expect(whole.at(-1)?.id).toBe(events.at(-1)?.id);
  // From any position a reader gets the rest, chunk by chunk. Compared with the log itself, because
  // the number of events that the reader above got depends on the machine's speed.
  const log = await chunksInArchive(streamId);
  for (const seq of [0, 7, Math.floor(log.length / 2), log.length - 2]) {
    const rest = await (
      await openStream(owner, { chatId, streamId, lastEventId: `${streamId}:${seq}` })
    ).rest();
    expect(chunksOf(rest)).toEqual(log.slice(seq + 1));
  }
  // A reader that has everything gets nothing. A position past the end is refused.
  const last = events.at(-1)?.id ?? "";
  expect(await (await openStream(owner, { chatId, streamId, lastEventId: last })).rest()).toEqual(
    [],
  );
  const beyond = `${streamId}:${seqOf(events.at(-1)) + 1}`;
  const tooFar = openStream(owner, { chatId, streamId, lastEventId: beyond });
  await expect(tooFar.then((stream) => stream.rest())).rejects.toThrow(StreamFailure);
});

test("a stop that comes when the object has forgotten the turn says how it ended", async () => {
  const { owner, chatId, streamId } = await answered("count to 5");
  await later(owner, chatId, 11 * minutes);
  expect(await owner.api.messages.stop.mutate({ chatId, streamId })).toEqual({
    status: "complete",
  });
});

test("when the archive has let a turn go too, its message is streamed from D1", async () => {
  const { owner, chatId, streamId, events } = await answered("think about the sea");
  await later(owner, chatId, 11 * minutes);
  await env.STREAMS.delete(`stream:${streamId}`);

  const whole = chunksOf(await (await openStream(owner, { chatId, streamId })).rest());
  expect(whole[0]).toMatchObject({ type: "start", messageMetadata: { streamId } });
  expect(textOf(whole)).toBe(textOf(chunksOf(events)));
  expect(endOf(whole)).toMatchObject({ status: "complete", outputTokens: expect.any(Number) });
  // The rest cannot be read, because D1 does not know the chunks' numbers.
  const lastEventId = events[0]?.id ?? "";
  expect(await (await openStream(owner, { chatId, streamId, lastEventId })).rest()).toEqual([]);
});

test("an archived turn can be read by its owner alone, and in its own chat alone", async () => {
  const { owner, chatId, streamId } = await answered("count to 5");
  await later(owner, chatId, 11 * minutes);
  const stranger = await callerFor("anotherUser");
  const theirs = await ask(stranger, "count to 3");
  await theirs.stream.rest();
  for (const [reader, id] of [
    [stranger, theirs.chatId],
    [owner, (await ask(owner, "count to 3")).chatId],
  ] as const) {
    expect(await (await openStream(reader, { chatId: id, streamId })).rest()).toEqual([]);
  }
  await expect(openStream(stranger, { chatId, streamId }).then((s) => s.rest())).rejects.toThrow(
    StreamFailure,
  );
});

test("deleting a chat takes its archive along", async () => {
  const { owner, chatId, streamId } = await answered("count to 5");
  await owner.api.chats.delete.mutate({ chatId });
  expect(await env.STREAMS.get(`stream:${streamId}`)).toBeNull();
});

test("a log that is too long for KV goes to R2, line for line", async () => {
  const { owner, chatId, streamId } = await answered("count to 300");
  const key = { userId: owner.user.id, chatId, turnId: streamId };
  const stub = stubOf(owner, chatId);
  const places = await runInDurableObject(stub, async (_, { storage }) => {
    const log = new BlockLog(storage.sql);
    return [
      await new TurnArchive(env, 1_000).put(key, log),
      await new TurnArchive(env).put(key, log),
    ];
  });
  expect(places).toEqual(["r2", "kv"]);

  const archive = new TurnArchive(env);
  const read = async () => {
    const stream = await archive.open(key);
    const blocks: unknown[] = [];
    if (stream) for await (const block of parseArchive(stream)) blocks.push(block);
    return blocks;
  };
  const fromKv = await read();
  await archive.delete(streamId, "kv");
  const fromR2 = await read();
  expect(fromR2).toEqual(fromKv);
  expect(fromR2.length).toBeGreaterThan(1);
  expect(await archive.open({ ...key, chatId: newId() })).toBeNull();
  await archive.delete(streamId, "r2");
  expect(await archive.open(key)).toBeNull();
});

test("a turn in R2 is taken away from there a day after its end", async () => {
  const { owner, chatId, streamId } = await answered("count to 50");
  const key = { userId: owner.user.id, chatId, turnId: streamId };
  const stub = stubOf(owner, chatId);
  await runInDurableObject(stub, async (_, { storage }) => {
    await new TurnArchive(env, 10).put(key, new BlockLog(storage.sql));
    storage.sql.exec("UPDATE turns SET archivedIn = 'r2'");
  });
  await env.STREAMS.delete(`stream:${streamId}`);
  await later(owner, chatId, 11 * minutes);
  expect(await rowsOf(owner, chatId)).toEqual({ turns: 1, blocks: 0 });
  const whole = await (await openStream(owner, { chatId, streamId })).rest();
  expect(numbersIn(textOf(chunksOf(whole)))).toEqual(numbersTo(50));

  await later(owner, chatId, 24 * 60 * minutes);
  expect(await rowsOf(owner, chatId)).toEqual({ turns: 0, blocks: 0 });
  expect(await env.FILES.get(`streams/${streamId}`)).toBeNull();
});
