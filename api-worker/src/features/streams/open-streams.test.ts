import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { refusalOf } from "../../../test/client.ts";
import { newStream } from "../../../test/streams.ts";
import { streamLimits } from "../../contracts/streams.ts";
import { contentFor } from "../../platform/content.ts";
import { formatOffset } from "./offset.ts";

afterEach(() => void vi.restoreAllMocks());

const json = { "content-type": "application/json" };

function contentRows(userId: string) {
  return contentFor(env, { contentShard: 0 })
    .kysely.selectFrom("openStreams")
    .select("path")
    .where("userId", "=", userId)
    .execute();
}

test("what was appended outlives the object", async () => {
  const stream = await newStream();
  expect((await stream.put("one ")).status).toBe(201);
  expect((await stream.post("two")).headers.get("stream-next-offset")).toBe(formatOffset(7));
  await evictDurableObject(stream.stub());
  const response = await stream.get();
  expect(await response.text()).toBe("one two");
  expect(response.headers.get("content-type")).toBe("text/plain");
  expect(response.headers.get("stream-up-to-date")).toBe("true");
});

test("a producer's numbers, the end and what ended it outlive the object too", async () => {
  const stream = await newStream();
  await stream.put();
  const producer = { "producer-id": "p", "producer-epoch": "3" };
  const end = { ...producer, "producer-seq": "1", "stream-closed": "true" };
  expect((await stream.post("a", { ...producer, "producer-seq": "0" })).status).toBe(200);
  expect((await stream.post("b", end)).status).toBe(200);
  await evictDurableObject(stream.stub());
  const again = await stream.post("b", end);
  expect([again.status, again.headers.get("stream-closed")]).toEqual([204, "true"]);
  expect(await refusalOf(await stream.post("c", { ...producer, "producer-seq": "2" }))).toEqual({
    status: 409,
    code: "CONFLICT",
    message: "This stream is closed.",
  });
  expect(await (await stream.get()).text()).toBe("ab");
});

test("offsets of JSON count items, and a reader may begin in the midst of an append", async () => {
  const stream = await newStream();
  await stream.put("[1,2,3]", json);
  await stream.post('{"a":[4]}', json);
  const response = await stream.get(`?offset=${formatOffset(2)}`);
  expect(await response.text()).toBe('[3,{"a":[4]}]');
  expect(response.headers.get("stream-next-offset")).toBe(formatOffset(4));
});

test("an offset past the end is refused, and so is one that is none", async () => {
  const stream = await newStream();
  await stream.put("1234");
  const message = "This offset is past the end of the stream.";
  for (const query of ["", "&live=long-poll", "&live=sse"]) {
    const response = await stream.get(`?offset=${formatOffset(5)}${query}`);
    expect(await refusalOf(response)).toEqual({ status: 400, code: "INVALID", message });
  }
  for (const offset of ["4", "0000000000000004x", "9".repeat(16), "-2", "NOW"]) {
    expect(await refusalOf(await stream.get(`?offset=${offset}`))).toMatchObject({ status: 400 });
  }
});

test("JSON of many megabytes comes back whole, in one answer", async () => {
  const stream = await newStream();
  await stream.put("[]", json);
  const part = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(250_000));
  for (let count = 0; count < 3; count++) await stream.post(JSON.stringify(part), json);
  expect(await (await stream.get()).json()).toEqual([...part, ...part, ...part]);
});

test("an answer of many pages breaks when the stream ends in between", async () => {
  const stream = await newStream();
  await stream.put("x".repeat(1_400_000));
  for (let count = 0; count < 4; count++) await stream.post("y".repeat(1_400_000));
  const response = await stream.get();
  const reader = response.body?.getReader();
  await reader?.read();
  await stream.remove();
  await expect(
    (async () => {
      while (!(await reader?.read())?.done);
    })(),
  ).rejects.toThrow();
});

test("an append that is too large is refused, with its length or without, and adds nothing", async () => {
  const stream = await newStream();
  await stream.put();
  const { appendMaxBytes } = streamLimits;
  const unannounced = new ReadableStream({
    start(controller) {
      for (let count = 0; count < 4; count++) controller.enqueue(new Uint8Array(500_000));
      controller.close();
    },
  });
  for (const body of [new Uint8Array(appendMaxBytes + 1), unannounced]) {
    expect(await refusalOf(await stream.post(body))).toEqual({
      status: 413,
      code: "TOO_LARGE",
      message: `An append can have up to ${appendMaxBytes} bytes.`,
    });
  }
  expect((await stream.post(new Uint8Array(appendMaxBytes))).status).toBe(204);
  expect((await stream.get()).headers.get("stream-next-offset")).toBe(formatOffset(appendMaxBytes));
});

test("a full stream takes no more, but can be closed and read", async () => {
  const stream = await newStream();
  await stream.put("almost ");
  await runInDurableObject(stream.stub(), (_, { storage }) => {
    storage.sql.exec("UPDATE stream SET contentBytes = ?", streamLimits.streamMaxBytes - 100);
  });
  await evictDurableObject(stream.stub());
  expect((await stream.post("full")).status).toBe(204);
  // Even the shortest append counts as a whole row.
  expect(await refusalOf(await stream.post("!"))).toEqual({
    status: 413,
    code: "TOO_LARGE",
    message: "This stream is full. Close it and start another.",
  });
  expect((await stream.post(undefined, { "stream-closed": "true" })).status).toBe(204);
  expect(await (await stream.get()).text()).toBe("almost full");
});

test("who writes too often is refused, and told for how long; reading goes on", async () => {
  const stream = await newStream();
  await stream.put("one");
  const keys: string[] = [];
  vi.spyOn(env.STREAM_WRITE_BY_USER, "limit").mockImplementation(async ({ key }) => {
    keys.push(key);
    return { success: false };
  });
  const response = await stream.post("two");
  expect(response.headers.get("retry-after")).toBe("60");
  expect(await refusalOf(response)).toMatchObject({ status: 429, code: "RATE_LIMITED" });
  expect(await (await stream.get()).text()).toBe("one");
  vi.restoreAllMocks();
  expect((await stream.post(" two")).status).toBe(204);
  expect(keys).toEqual([stream.owner.user.id]);
});

test("a stream has so many producers and no more", async () => {
  const stream = await newStream();
  await stream.put();
  await runInDurableObject(stream.stub(), (_, { storage }) => {
    for (let count = 0; count < streamLimits.producersMax; count++) {
      storage.sql.exec("INSERT INTO producers VALUES (?, 0, 0)", `p${count}`);
    }
  });
  const claim = (id: string, seq: string) => ({
    "producer-id": id,
    "producer-epoch": "0",
    "producer-seq": seq,
  });
  expect((await stream.post("known", claim("p1", "1"))).status).toBe(200);
  expect(await refusalOf(await stream.post("new", claim("new", "0")))).toMatchObject({
    status: 413,
    message: "This stream has had too many producers.",
  });
});

test("a user has so many streams and no more; one that is there, or comes after another's end, is well", async () => {
  const stream = await newStream();
  const userId = stream.owner.user.id;
  await stream.put();
  const rest = streamLimits.streamsPerUserMax - 1;
  await env.CONTENT_0.prepare(
    `INSERT INTO openStreams (userId, path, createdAt)
     WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     SELECT ?1, 'p' || i, 0 FROM n`,
  )
    .bind(userId, rest)
    .run();
  const other = `${stream.url}-2`;
  const put = { method: "PUT", headers: { "content-type": "text/plain" } };
  expect(await refusalOf(await stream.program.fetch(other, put))).toEqual({
    status: 409,
    code: "CONFLICT",
    message: "You’ve reached the limit of 1000 streams. Delete one to create another.",
  });
  expect((await stream.program.fetch(other)).status).toBe(404);
  expect((await stream.put()).status).toBe(200);
  expect((await stream.remove()).status).toBe(204);
  expect((await stream.program.fetch(other, put)).status).toBe(201);
  expect(await contentRows(userId)).toHaveLength(streamLimits.streamsPerUserMax);
});

test("who asks for a stream that is not there leaves no trace", async () => {
  const stream = await newStream();
  for (const call of [stream.get(), stream.head(), stream.post("x"), stream.remove()]) {
    expect((await call).status).toBe(404);
  }
  await runInDurableObject(stream.stub(), (_, { storage }) => {
    expect(storage.sql.exec("SELECT count(*) AS n FROM sqlite_master").one().n).toBe(0);
  });
});

test.each([
  ["a path that is not properly encoded", "%zz"],
  ["a path with a control character", "a%00b"],
  ["a path that is too long", "x".repeat(streamLimits.pathMaxLength + 1)],
  ["no path", ""],
])("%s is INVALID", async (_, path) => {
  const stream = await newStream(path);
  for (const call of [stream.put(), stream.get()]) {
    expect(await refusalOf(await call)).toMatchObject({ status: 400, code: "INVALID" });
  }
});

test("two spellings of a path are one stream", async () => {
  const stream = await newStream("a%2Fb/%C3%A4");
  await stream.put("same");
  const response = await stream.program.fetch("/v1/stream/a/b/ä");
  expect(await response.text()).toBe("same");
});

test.each(["chats", "chats/x", "chats/x/y/z", "%63hats/x", "chats%2Fx"])(
  "no stream of one's own can be at %s",
  async (path) => {
    const stream = await newStream(path);
    expect((await stream.put()).status).toBeGreaterThanOrEqual(400);
    expect(await contentRows(stream.owner.user.id)).toEqual([]);
  },
);

test.each([
  ["a fork", { "stream-forked-from": "/v1/stream/x" }, "Forking streams isn’t supported."],
  ["no media type", { "content-type": "text" }, "Content-Type isn’t a media type."],
  [
    "a life without end",
    { "stream-ttl": "99999999" },
    "A stream’s lifetime can be up to 2592000 seconds.",
  ],
  [
    "an end in the far future",
    { "stream-expires-at": "2999-01-01T00:00:00Z" },
    "A stream’s lifetime can be up to 2592000 seconds.",
  ],
  ["no life at all", { "stream-ttl": "0" }, "Stream-TTL must be a whole number of seconds."],
])("a stream cannot be created with %s", async (_, headers: Record<string, string>, message) => {
  const stream = await newStream();
  expect(await refusalOf(await stream.put("x", headers))).toEqual({
    status: 400,
    code: "INVALID",
    message,
  });
  expect(await contentRows(stream.owner.user.id)).toEqual([]);
});

test("what is not JSON is refused, and JSON that nests too deep for us is too", async () => {
  const stream = await newStream();
  await stream.put("[]", json);
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  for (const body of ["{", '"\ud800', Uint8Array.of(34, 255, 34), deep]) {
    const response = await stream.post(body, json);
    expect([204, 400]).toContain(response.status);
    await response.body?.cancel();
  }
  expect(await refusalOf(await stream.post("{", json))).toMatchObject({
    message: "The body isn’t valid JSON.",
  });
});
