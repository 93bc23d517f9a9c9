/** What readers see of a turn, on a disk whose syncs the test controls. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { BlockLog } from "../../../platform/block-log.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { newId } from "../../../platform/ids.ts";
import { systemTimers as timers } from "../object/live/flush-buffer.ts";
import { LiveTurn } from "../object/live/live-turn.ts";
import { flushIntervalMs } from "../object/live/pace.ts";
import { readerLagMaxLength, TurnReaders, type TurnSource } from "../object/live/turn-readers.ts";
import type { Chunk } from "../turn/chunks.ts";
import { decodeLines } from "../turn/turn-protocol.ts";

const text = (delta: string): Chunk => ({ type: "text-delta", id: "1", delta });

/** Runs a test inside an object, on its real SQLite. */
function onDisk(run: (log: BlockLog, state: DurableObjectState) => Promise<void>): Promise<void> {
  const stub = chatObject(env, { userId: newId(), chatId: newId() });
  return runInDurableObject(stub, (_, state) => run(new BlockLog(state.storage.sql), state));
}

/** A disk that syncs only when the test says so. */
function slowDisk(state: DurableObjectState) {
  const waiting: (() => void)[] = [];
  return {
    storage: {
      sync: () => new Promise<void>((resolve) => waiting.push(resolve)),
      transactionSync: <T>(closure: () => T) => state.storage.transactionSync(closure),
    },
    /** Syncs everything written so far. */
    settle() {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const intervalMs = flushIntervalMs(20);

/** Runs all work that does not wait for the disk. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("no reader sees a chunk before the disk has it, and none sees the end before", () =>
  onDisk(async (log, state) => {
    const disk = slowDisk(state);
    const live = new LiveTurn(newId(), log, disk.storage, timers, intervalMs);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { chunks } of decodeLines(live.readers.open(-1))) {
        seen.push(...chunks.map(({ type }) => type));
      }
    })();
    live.begin([{ type: "start" }]);
    await settled();
    // The chunk is in the log, but it could still be lost.
    expect(log.lastSeq(live.turnId)).toBe(0);
    expect([seen, live.durableSeq]).toEqual([[], -1]);
    disk.settle();
    await expect.poll(() => seen).toEqual(["start"]);

    live.push(text("a"));
    const ended = live.end({ status: "complete" }, () => undefined);
    await settled();
    expect(seen).toEqual(["start"]);
    disk.settle();
    await Promise.all([ended, reading]);
    expect(seen).toEqual(["start", "text-delta", "finish"]);
  }));

test("a replay that stands in a row which has grown since gets no chunk twice", () =>
  onDisk(async (log, state) => {
    const live = new LiveTurn(newId(), log, state.storage, timers, intervalMs);
    live.begin([{ type: "start" }]);
    const flush = async (delta: string) => {
      const seq = live.durableSeq + 1;
      live.push(text(delta));
      await expect.poll(() => live.durableSeq).toBe(seq);
    };
    await expect.poll(() => live.durableSeq).toBe(0);
    await flush("a");
    const events = decodeLines(live.readers.open(-1));
    const next = async () => (await events.next()).value?.chunks;
    expect(await next()).toEqual([{ type: "start" }, text("a")]);
    // More than the last flush, which a reader gets without the log.
    await flush("b");
    await flush("c");
    expect(await next()).toEqual([text("bc")]);
    await events.return(undefined);
  }));

test("the terminal chunk and what is written alongside are on disk together or not at all", () =>
  onDisk(async (log, state) => {
    const live = new LiveTurn(newId(), log, state.storage, timers, intervalMs);
    live.begin([{ type: "start" }]);
    const refusal = new Error("refused");
    const ending = live.end({ status: "complete" }, () => {
      throw refusal;
    });
    await expect(ending).rejects.toBe(refusal);
    expect(log.lastSeq(live.turnId)).toBe(0);
  }));

test("a reader who keeps up costs no query, but for a block too long to be kept", () =>
  onDisk(async (log, state) => {
    const queries = vi.spyOn(log, "read");
    const live = new LiveTurn(newId(), log, state.storage, timers, intervalMs);
    const seen: number[] = [];
    const read = async (afterSeq: number, into: (seq: number) => void) => {
      for await (const { lastSeq } of decodeLines(live.readers.open(afterSeq))) into(lastSeq);
    };
    const reading = read(-1, (seq) => seen.push(seq));
    live.begin([{ type: "start" }]);
    await expect.poll(() => seen).toEqual([0]);
    live.push(text("a"));
    await expect.poll(() => seen).toEqual([0, 1]);
    expect(queries).not.toHaveBeenCalled();

    live.push(text("x".repeat(100_000)));
    await expect.poll(() => seen).toEqual([0, 1, 2]);
    expect(queries).toHaveBeenCalledOnce();
    const late: number[] = [];
    const lateReading = read(0, (seq) => late.push(seq));
    await expect.poll(() => late).toEqual([2]);
    expect(queries).toHaveBeenCalledTimes(2);
    await live.end({ status: "complete" }, () => undefined);
    await Promise.all([reading, lateReading]);
    expect([seen, late]).toEqual([
      [0, 1, 2, 3],
      [2, 3],
    ]);
  }));

/** A turn that grows without a disk: block n is one chunk of `length` characters. */
function growingSource(length: number) {
  let last = -1;
  let isOver = false;
  const source: TurnSource = {
    durableSeq: () => last,
    terminalSeq: () => (isOver ? last : null),
    read: (afterSeq) =>
      afterSeq >= last
        ? []
        : [
            {
              firstSeq: afterSeq + 1,
              lastSeq: afterSeq + 1,
              items: JSON.stringify([text("x".repeat(length))]),
            },
          ],
  };
  const readers = new TurnReaders(source);
  return {
    readers,
    grow: () => {
      last += 1;
      readers.wake(length);
    },
    end: () => {
      isOver = true;
      readers.wake(0);
    },
  };
}

test("a reader that does not read is dropped past the cap, and comes back for the rest", async () => {
  const length = 8 * 1024;
  const { readers, grow, end } = growingSource(length);
  const stuck = readers.open(0).getReader({ mode: "byob" });
  const lively: number[] = [];
  const reading = (async () => {
    for await (const { lastSeq } of decodeLines(readers.open(-1))) lively.push(lastSeq);
  })();
  const count = (2 * readerLagMaxLength) / length;
  for (let index = 0; index < count; index += 1) {
    grow();
    await settled();
  }
  // Nothing is buffered for the reader that does not read, because its stream has ended.
  const { done } = await stuck.read(new Uint8Array(1));
  expect(done).toBe(true);
  expect(lively.at(-1)).toBe(count - 1);

  const resumed: number[] = [];
  const rest = (async () => {
    for await (const { lastSeq } of decodeLines(readers.open(0))) resumed.push(lastSeq);
  })();
  await expect.poll(() => resumed.length).toBe(count - 1);
  end();
  await Promise.all([reading, rest]);
  expect(resumed).toEqual(lively.filter((seq) => seq > 0));
});
