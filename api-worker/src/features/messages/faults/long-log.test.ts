/** A log of more than 10 MB. No code that reads it holds more than a window of it. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BlockLog } from "../../../platform/block-log.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { newId } from "../../../platform/ids.ts";
import { LiveTurn } from "../object/live/live-turn.ts";
import { flushIntervalMs } from "../object/live/pace.ts";
import { readChunks } from "../object/turn-log.ts";
import { type Chunk, mergeDeltas } from "../turn/chunks.ts";
import { rebuildParts } from "../turn/rebuild-message.ts";
import { parseArchive, TurnArchive } from "../turn/turn-archive.ts";
import { decodeLines } from "../turn/turn-protocol.ts";

const chunkCount = 60_000;
/**
 * A chunk is about 190 characters of JSON. The log has 11 MB, of which 1.2 MB are the answer's
 * text.
 */
const wordOf = (index: number) => String(index).padEnd(20);
const idOf = (index: number) => `part-${Math.floor(index / 1_000)}-${"x".repeat(120)}`;

/** The real log, which records the length of the longest read. */
function watched(log: BlockLog): { log: BlockLog; longest: () => number } {
  let longest = 0;
  const watching = new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        if (name === "read") {
          const length = (result as { items: string }[]).reduce(
            (sum, { items }) => sum + items.length,
            0,
          );
          longest = Math.max(longest, length);
        }
        return result;
      };
    },
  });
  return { log: watching, longest: () => longest };
}

/** A read may exceed its limit by one block, which is what was written at once. */
const windowMaxLength = (256 + 32) * 1024;

test("an answer with a log of 11 MB is written, read, rebuilt and archived in windows", () => {
  const key = { userId: newId(), chatId: newId() };
  return runInDurableObject(chatObject(env, key), async (_, state) => {
    const { log, longest } = watched(new BlockLog(state.storage.sql));
    const timers = { now: () => Date.now(), set: () => 0, clear: () => undefined };
    const live = new LiveTurn(newId(), log, state.storage, timers, flushIntervalMs(20));
    const reading = (async () => {
      const seqs: number[] = [];
      let events = 0;
      for await (const { lastSeq, chunks } of decodeLines(live.readers.open(-1))) {
        seqs.push(lastSeq);
        events += 1;
        expect(JSON.stringify(chunks).length).toBeLessThan(windowMaxLength);
      }
      return { last: seqs.at(-1), events };
    })();
    live.begin([{ type: "start" }]);
    for (let index = 0; index < chunkCount; index += 1) {
      if (index % 1_000 === 0) live.push({ type: "text-start", id: idOf(index) });
      live.push({ type: "text-delta", id: idOf(index), delta: wordOf(index) });
      // The reader keeps up with the writer: a model never writes a megabyte at once.
      if (index % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await live.end({ status: "complete" }, () => undefined);

    const all = 1 + chunkCount + chunkCount / 1_000 + 1;
    let length = 0;
    let count = 0;
    for (const chunk of readChunks(log, live.turnId)) {
      length += JSON.stringify(chunk).length;
      count += 1;
    }
    expect(count).toBe(all);
    expect(length).toBeGreaterThan(10 * 1024 * 1024);
    expect(await reading).toMatchObject({ last: all - 1 });

    // A late reader gets it in pieces, none longer than an event may be.
    const late: Chunk[] = [];
    let events = 0;
    for await (const { chunks } of decodeLines(live.readers.open(-1))) {
      events += 1;
      late.push(...(chunks as Chunk[]));
    }
    expect(events).toBeGreaterThan(50);
    expect(mergeDeltas(late)).toEqual(mergeDeltas(readChunks(log, live.turnId)));

    const parts = await rebuildParts(readChunks(log, live.turnId));
    expect(parts).toHaveLength(chunkCount / 1_000);

    const turn = { ...key, turnId: live.turnId };
    const archive = new TurnArchive(env);
    expect(await archive.put(turn, log)).toBe("kv");
    let archived = 0;
    const stream = await archive.open(turn);
    if (!stream) throw new Error("The archive does not have it.");
    for await (const block of parseArchive(stream)) archived += block.length;
    expect(archived).toBe(all);
    expect(longest()).toBeLessThan(windowMaxLength);
    // Nothing of a live answer of this length is kept in memory.
    expect(live.readers.page(-1)).toBeNull();
  });
}, 60_000);
