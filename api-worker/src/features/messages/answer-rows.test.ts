/** What an answer costs: the rows that its object writes, which are nine tenths of the price. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { runLateAlarm, stubOf } from "../../../test/chat-objects.ts";
import { type RowCount, startCounting, watchRows } from "../../../test/row-counts.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import {
  ask,
  chunksOf,
  countedLike,
  endlessQuestion,
  endOf,
  readUntil,
  textOf,
} from "../../../test/turns.ts";
import { growingRowLength } from "../../platform/growing-log.ts";
import { flushIntervalMs } from "./object/live/pace.ts";

beforeAll(watchRows);

const { FLUSHES_PER_SECOND } = env;
afterEach(() => {
  Object.assign(env, { FLUSHES_PER_SECOND });
});

const sum = ({ writtenBy }: RowCount, statement: RegExp) =>
  [...writtenBy].reduce((rows, [text, written]) => rows + (statement.test(text) ? written : 0), 0);

/** 600 words a second, for about a second. */
const flood = scriptText({ length: 6_000, sizes: [10], pausesMs: [0, 0, 5] });

test.each([
  ["20", 20],
  ["5", 5],
])("at %s flushes a second, an answer writes no more rows than that", async (setting, rate) => {
  Object.assign(env, { FLUSHES_PER_SECOND: setting });
  const owner = await callerFor("owner");
  const { count, stop } = startCounting();
  const startedAt = Date.now();
  const { chatId, streamId, stream } = await ask(owner, flood);
  const chunks = chunksOf(await stream.rest());
  const elapsedMs = Date.now() - startedAt;
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(textOf(chunks)).toBe(countedLike("x".repeat(6_000)));
  await expect.poll(() => env.STREAMS.get(`stream:${streamId}`)).not.toBeNull();

  // The beginning, the end, the chat's title, and a flush that comes early may be more.
  const flushes = sum(count, /INTO blocks|UPDATE blocks/);
  expect(flushes).toBeLessThanOrEqual(elapsedMs / flushIntervalMs(rate) + 4);
  expect(flushes).toBeGreaterThan(3);

  const { rows, length } = await runInDurableObject(stubOf(owner, chatId), (_, { storage }) =>
    storage.sql
      .exec<{ rows: number; length: number }>(
        "SELECT count(*) AS rows, sum(length(body)) AS length FROM blocks",
      )
      .one(),
  );
  expect(rows).toBeLessThanOrEqual(3 + Math.ceil((2 * length) / growingRowLength));
  // The rows of the turn itself, and of its index, which do not grow with the answer.
  expect(sum(count, /INTO turns|UPDATE turns/)).toBeLessThanOrEqual(9);
  await runLateAlarm(owner, chatId);
  expect(sum(count, /DELETE FROM blocks/)).toBe(rows);
  stop();
});

test("the alarm fires while an answer is written, once in each lease, and the answer goes on", async () => {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, endlessQuestion);
  await readUntil(stream, (events) => textOf(chunksOf(events)) !== "");
  const alarmAt = () =>
    runInDurableObject(stubOf(owner, chatId), (_, { storage }) => storage.getAlarm());
  const first = await alarmAt();
  await readUntil(stream, (events) => events.length > 20);
  // It is not pushed on with each piece, so that it comes.
  expect(await alarmAt()).toBe(first);
  expect(await runDurableObjectAlarm(stubOf(owner, chatId))).toBe(true);
  expect(await alarmAt()).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  const later = await readUntil(stream, (events) => events.length > 5);
  expect(textOf(chunksOf(later))).not.toBe("");
  await owner.api.messages.stop.mutate({ chatId, streamId });
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "stopped" });
});
