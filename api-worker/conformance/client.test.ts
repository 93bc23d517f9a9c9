import { randomUUID } from "node:crypto";
import {
  DurableStream,
  IdempotentProducer,
  StaleEpochError,
  stream,
} from "@durable-streams/client";
import { expect, inject, test } from "vitest";

// Uses the official client as a program does.

const newUrl = () => `${inject("workerUrl")}/v1/stream/tests/${randomUUID()}`;
const json = "application/json";
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Follows a JSON stream until it is closed. */
async function followToEnd(url: string, live: "sse" | "long-poll", offset = "-1") {
  const response = await stream<{ n: number }>({ url, live, offset });
  const items: number[] = [];
  for await (const { n } of response.jsonStream()) items.push(n);
  return items;
}

test.each(["sse", "long-poll"] as const)(
  "what is appended while a reader follows by %s comes to it once and in order, to the end",
  async (live) => {
    const url = newUrl();
    const handle = await DurableStream.create({ url, contentType: json });
    await handle.append(JSON.stringify({ n: 1 }));
    const following = followToEnd(url, live);
    for (const n of numbers(30).slice(1)) await handle.append(JSON.stringify({ n }));
    const { finalOffset } = await handle.close({ body: JSON.stringify({ n: 31 }) });
    expect(await following).toEqual(numbers(31));
    expect(await handle.head()).toMatchObject({ offset: finalOffset, streamClosed: true });
  },
);

test("a reader that comes back with its offset gets the rest and nothing twice", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url, contentType: json });
  for (const n of numbers(5)) await handle.append(JSON.stringify({ n }));
  const first = await stream<{ n: number }>({ url, live: false });
  expect((await first.json()).map(({ n }) => n)).toEqual(numbers(5));
  for (const n of [6, 7]) await handle.append(JSON.stringify({ n }));
  await handle.close();
  for (const live of ["sse", "long-poll"] as const) {
    expect(await followToEnd(url, live, first.offset)).toEqual([6, 7]);
  }
});

test("an idempotent producer's appends count once, although every request is sent twice", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url, contentType: json });
  const twice: typeof fetch = async (input, init) => {
    await fetch(input, init);
    return fetch(input, init);
  };
  const errors: Error[] = [];
  const producer = new IdempotentProducer(handle, "counter", {
    fetch: twice,
    lingerMs: 0,
    maxBatchBytes: 100,
    onError: (error) => errors.push(error),
  });
  for (const n of numbers(200)) producer.append(JSON.stringify({ n }));
  await producer.flush();
  await producer.close();
  expect(errors).toEqual([]);
  expect(await followToEnd(url, "sse")).toEqual(numbers(200));
});

test("a producer that another instance has followed is told so, and adds nothing", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url, contentType: json });
  const produce = async (epoch: number, n: number) => {
    const errors: Error[] = [];
    const onError = (error: Error) => errors.push(error);
    const producer = new IdempotentProducer(handle, "counter", { epoch, onError });
    producer.append(JSON.stringify({ n }));
    // Errors may come through the callback and as a rejection.
    await producer.flush().catch(onError);
    return errors[0];
  };
  expect(await produce(0, 1)).toBeUndefined();
  expect(await produce(1, 2)).toBeUndefined();
  expect(await produce(0, 3)).toBeInstanceOf(StaleEpochError);
  await handle.close();
  expect(await followToEnd(url, "long-poll")).toEqual([1, 2]);
});

test("text that is appended in the midst of a character is followed without damage", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url, contentType: "text/plain" });
  const text = "ä€😀".repeat(8);
  const response = await stream({ url, live: "sse", offset: "-1" });
  const following = (async () => {
    let received = "";
    for await (const piece of response.textStream()) received += piece;
    return received;
  })();
  for (const byte of new TextEncoder().encode(text)) await handle.append(Uint8Array.of(byte));
  await handle.close();
  expect(await following).toBe(text);
});

test("a stream that is deleted is gone, and its path is free for another", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url, contentType: json });
  await handle.append(JSON.stringify({ n: 1 }));
  await handle.delete();
  expect(await handle.head()).toEqual({ exists: false });
  const other = await DurableStream.create({ url, contentType: "text/plain", body: "new" });
  expect(await (await other.stream({ live: false })).text()).toBe("new");
});

test("bytes come back as they were, more than one answer holds of them too", async () => {
  const url = newUrl();
  const handle = await DurableStream.create({ url });
  const part = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 7) % 256);
  for (let count = 0; count < 4; count++) await handle.append(part);
  const body = await (await stream({ url, live: false })).body();
  expect(body).toHaveLength(4 * part.length);
  for (let count = 0; count < 4; count++) {
    const back = body.subarray(count * part.length, (count + 1) * part.length);
    expect(Buffer.compare(back, part)).toBe(0);
  }
});
