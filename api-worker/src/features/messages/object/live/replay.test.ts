/** A live answer from its beginning, from memory: the same as from the log, and never more. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BlockLog } from "../../../../platform/block-log.ts";
import { chatObject } from "../../../../platform/chat-object.ts";
import { newId } from "../../../../platform/ids.ts";
import { type Chunk, mergeDeltas } from "../../turn/chunks.ts";
import { readChunks } from "../turn-log.ts";
import { LiveTurn } from "./live-turn.ts";
import { flushIntervalMs } from "./pace.ts";
import { Replay } from "./replay.ts";

const text = (delta: string): Chunk => ({ type: "text-delta", id: "1", delta });

test("a page from the beginning is what the log has on disk, at every step to the end", () => {
  const stub = chatObject(env, { userId: newId(), chatId: newId() });
  return runInDurableObject(stub, async (_, state) => {
    const waiting: (() => void)[] = [];
    const log = new BlockLog(state.storage.sql);
    const storage = {
      sync: () => new Promise<void>((resolve) => waiting.push(resolve)),
      transactionSync: <T>(closure: () => T) => state.storage.transactionSync(closure),
    };
    const timers = { now: () => Number.MAX_SAFE_INTEGER, set: () => 0, clear: () => undefined };
    const live = new LiveTurn(newId(), log, storage, timers, flushIntervalMs(20));
    const settle = async () => {
      for (const resolve of waiting.splice(0)) resolve();
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    const expectAll = () => {
      const chunks = mergeDeltas(readChunks(log, live.turnId));
      expect(JSON.parse(live.readers.page(-1)?.chunks ?? "")).toEqual(chunks);
    };

    expect(live.readers.page(-1)).toBeNull();
    live.begin([{ type: "start" }, { type: "text-start", id: "1" }]);
    expect(live.readers.page(-1)).toBeNull();
    await settle();
    expectAll();
    for (const delta of ["a", "b", "c"]) {
      const before = live.readers.page(-1);
      live.push(text(delta));
      // Chunks that are not durable yet are not shown.
      expect(live.readers.page(-1)).toEqual(before);
    }
    const ended = live.end({ status: "complete" }, () => undefined);
    await settle();
    await ended;
    expectAll();
    expect(live.readers.page(-1)).toMatchObject({ isLast: true });
  });
});

test("an answer that becomes long is kept in the log alone", () => {
  const replay = new Replay();
  replay.add([text("x".repeat(60_000))]);
  expect(JSON.parse(replay.text ?? "")).toHaveLength(1);
  replay.add([text("x".repeat(10_000))]);
  expect(replay.text).toBeNull();
  replay.add([text("x")]);
  expect(replay.text).toBeNull();
});
