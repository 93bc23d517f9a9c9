import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeErrors } from "../../../../test/logs.ts";
import { newStream } from "../../../../test/streams.ts";
import type { OpenStreamObject } from "./open-stream.do.ts";

const hourMs = 60 * 60 * 1000;
const whole = env.CONTENT_0;
let start = 0;
const at = (ms: number) => vi.mocked(Date.now).mockReturnValue(start + ms);

beforeEach(() => {
  start = Date.now();
  vi.spyOn(Date, "now");
  at(0);
});
afterEach(() => {
  env.CONTENT_0 = whole;
  vi.restoreAllMocks();
});

type Stream = Awaited<ReturnType<typeof newStream>>;

async function isListed({ owner, path }: Stream): Promise<boolean> {
  const rows = await createContentDb(whole)
    .kysely.selectFrom("openStreams")
    .selectAll()
    .where("userId", "=", owner.user.id)
    .where("path", "=", path)
    .execute();
  return rows.length > 0;
}

/** The number of tables in the stream's object, and its alarm. */
function traces(stream: Stream) {
  return runInDurableObject(stream.stub(), async (_, { storage }) => ({
    tables: storage.sql.exec("SELECT name FROM sqlite_master").toArray().length,
    alarm: await storage.getAlarm(),
  }));
}

const nothing = { tables: 0, alarm: null };

/** Makes the list of streams unreachable until it is healed or the test ends. */
function breakList(): () => void {
  const away = () => {
    throw new Error("D1_ERROR: away");
  };
  env.CONTENT_0 = { prepare: away, batch: away } as unknown as D1Database;
  return () => {
    env.CONTENT_0 = whole;
  };
}

test("without a word of its creator a stream ends 24 hours after it was last read or written", async () => {
  const stream = await newStream();
  await stream.put("x");
  expect((await stream.head()).headers.get("stream-ttl")).toBe("86400");
  at(23 * hourMs);
  expect((await stream.get()).status).toBe(200);
  at(46 * hourMs);
  expect((await stream.post("y")).status).toBe(204);
  at(69 * hourMs);
  // Asking for the state does not count as a read.
  expect((await stream.head()).status).toBe(200);
  at(70 * hourMs - 1);
  expect((await stream.head()).status).toBe(200);
  at(70 * hourMs);
  expect((await stream.head()).status).toBe(404);
  expect((await stream.get()).status).toBe(404);
});

test("its readings are remembered well enough when the object forgets: not too early, not much too late", async () => {
  const stream = await newStream();
  await stream.put("x", { "stream-ttl": "1000" });
  for (let seconds = 0; seconds <= 5000; seconds += 40) {
    at(seconds * 1000);
    expect((await stream.get()).status).toBe(200);
  }
  const lastReadMs = 5000 * 1000;
  await evictDurableObject(stream.stub());
  at(lastReadMs + 999_999);
  expect((await stream.head()).status).toBe(200);
  at(lastReadMs + 1_051_000);
  expect((await stream.head()).status).toBe(404);
});

test("a stream with a fixed end lives until then, read or not", async () => {
  const stream = await newStream();
  const expiresAt = new Date(start + hourMs).toISOString();
  await stream.put("x", { "stream-expires-at": expiresAt });
  expect((await stream.head()).headers.get("stream-expires-at")).toBe(expiresAt);
  at(hourMs - 1);
  expect((await stream.get()).status).toBe(200);
  at(hourMs);
  expect((await stream.get()).status).toBe(404);
});

test("the alarm alone ends an unused stream and deletes all of it", async () => {
  const stream = await newStream();
  await stream.put("x", { "stream-ttl": "60" });
  expect(await isListed(stream)).toBe(true);
  at(30_000);
  await stream.get();
  at(60_000);
  // It was read in the meantime, so the alarm is set again.
  expect(await runDurableObjectAlarm(stream.stub())).toBe(true);
  expect((await traces(stream)).alarm).toBe(start + 90_000);
  await evictDurableObject(stream.stub());
  at(95_000);
  expect(await runDurableObjectAlarm(stream.stub())).toBe(true);
  expect(await isListed(stream)).toBe(false);
  expect(await traces(stream)).toEqual(nothing);
});

test("a stream that is deleted leaves nothing, and its readers end without an end of the stream", async () => {
  const stream = await newStream();
  await stream.put("x");
  const reader = (await stream.get("?offset=-1&live=sse")).body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  expect(first).toContain("data:x");
  expect((await stream.remove()).status).toBe(204);
  expect(await reader?.read()).toMatchObject({ done: true });
  expect(await isListed(stream)).toBe(false);
  expect(await traces(stream)).toEqual(nothing);
  expect((await stream.remove()).status).toBe(404);
});

test("when the list is away at the end, the stream is gone all the same, and the list is told later", async () => {
  const stream = await newStream();
  await stream.put("secret");
  const heal = breakList();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  expect((await stream.remove()).status).toBe(204);
  expect((await stream.get()).status).toBe(404);
  expect(await isListed(stream)).toBe(true);
  await runDurableObjectAlarm(stream.stub());
  // The alarm is set again, each time later.
  expect((await traces(stream)).alarm).toBeGreaterThanOrEqual(start + 4_000);
  heal();
  await runDurableObjectAlarm(stream.stub());
  expect(await isListed(stream)).toBe(false);
  expect(await traces(stream)).toEqual(nothing);
});

test("a stream that comes after one whose end the list has not heard of stays in the list", async () => {
  const stream = await newStream();
  await stream.put("old");
  const heal = breakList();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await stream.remove();
  heal();
  expect((await stream.put("new")).status).toBe(201);
  await runDurableObjectAlarm(stream.stub());
  expect(await isListed(stream)).toBe(true);
  expect(await (await stream.get()).text()).toBe("new");
});

test("a creation that the list could not take is none, and can be tried again", async () => {
  const stream = await newStream();
  const heal = breakList();
  expect((await stream.put("x")).status).toBe(500);
  expect(takeErrors()).toEqual([expect.objectContaining({ event: "request.failed" })]);
  expect((await stream.get()).status).toBe(404);
  heal();
  await runDurableObjectAlarm(stream.stub());
  expect(await traces(stream)).toEqual(nothing);
  expect((await stream.put("x")).status).toBe(201);
});

test("creations of one stream at the same time make one stream", async () => {
  const stream = await newStream();
  const answers = await Promise.all(Array.from({ length: 5 }, () => stream.put("x")));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  expect(await (await stream.get()).text()).toBe("x");
});

test("a reader who waits is told when the stream ends", async () => {
  const stream = await newStream();
  await stream.put("x");
  const waiting = stream.get("?offset=now&live=long-poll");
  await waitForReader(stream);
  await stream.remove();
  expect((await waiting).status).toBe(404);
});

/**
 * Waits until the object has a waiting reader: everything before it in the object's queue is done.
 */
async function waitForReader(stream: Stream): Promise<void> {
  await runInDurableObject(stream.stub(), async (instance: OpenStreamObject) => {
    await instance.head();
  });
}

test("nothing is confirmed or visible before it is on disk", async () => {
  const stream = await newStream();
  await stream.put();
  const disk = Promise.withResolvers<void>();
  const restore = await runInDurableObject(stream.stub(), (_, { storage }) => {
    const { sync } = storage;
    storage.sync = () => disk.promise;
    return () => {
      storage.sync = sync;
    };
  });
  const appending = stream.post("not yet");
  let isConfirmed = false;
  void appending.then(() => {
    isConfirmed = true;
  });
  const written = () =>
    runInDurableObject(
      stream.stub(),
      (_, { storage }) => storage.sql.exec("SELECT nextOffset AS n FROM stream").one().n,
    );
  while ((await written()) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await (await stream.get()).text()).toBe("");
  expect(isConfirmed).toBe(false);
  disk.resolve();
  expect((await appending).status).toBe(204);
  restore();
  expect(await (await stream.get()).text()).toBe("not yet");
});
