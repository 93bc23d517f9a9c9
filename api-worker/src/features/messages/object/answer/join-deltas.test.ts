import type { LanguageModelV4StreamPart as Part } from "@ai-sdk/provider";
import { MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { flushLength, systemTimers, type Timers } from "../live/flush-buffer.ts";
import { Pace } from "../live/pace.ts";
import { joinDeltas, joinStream } from "./join-deltas.ts";

const text = (delta: string, id = "1"): Part => ({ type: "text-delta", id, delta });

/** A source that the test feeds, and a clock that it advances. */
function setUp() {
  let now = 1_000;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const clock: Timers = {
    now: () => now,
    set: (callback, delayMs) => {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return timer;
    },
    clear: (timer) => {
      timers = timers.filter((other) => other !== timer);
    },
  };
  let source: ReadableStreamDefaultController<Part> | undefined;
  let cancelled: unknown;
  const stream = new ReadableStream<Part>({
    start: (controller) => {
      source = controller;
    },
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  const reader = joinStream(stream, new Pace(48), clock).getReader();
  const seen: Part[] = [];
  let failure: unknown;
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      seen.push(value);
    }
  })().catch((error: unknown) => {
    failure = error;
  });
  /** Lets everything happen that waits for no timer. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    seen,
    reading,
    reader,
    settle,
    failure: () => failure,
    cancelled: () => cancelled,
    pending: () => timers.length,
    async send(...parts: Part[]) {
      for (const part of parts) source?.enqueue(part);
      await settle();
    },
    close: () => source?.close(),
    fail: (error: unknown) => source?.error(error),
    async advance(ms: number) {
      now += ms;
      for (const { at, callback } of timers.filter((timer) => timer.at <= now)) {
        timers = timers.filter((timer) => timer.at !== at || timer.callback !== callback);
        callback();
      }
      await settle();
    },
  };
}

test("the first piece passes at once, and what follows sooner than the pace passes as one", async () => {
  const { seen, send, advance } = setUp();
  await send(text("a"));
  expect(seen).toEqual([text("a")]);
  await send(text("b"), text("c"), text("d"));
  expect(seen).toEqual([text("a")]);
  await advance(24);
  expect(seen).toEqual([text("a"), text("bcd")]);
});

test("pieces at the pace wait for nothing", async () => {
  const { seen, send, advance, pending } = setUp();
  for (const [index, gapMs] of [50, 44, 56, 43, 57, 28, 72].entries()) {
    await send(text(String(index)));
    expect(seen).toHaveLength(index + 1);
    expect(pending()).toBe(0);
    await advance(gapMs);
  }
});

test("every other part passes at once, after the text before it", async () => {
  const { seen, send } = setUp();
  const signed: Part = { ...text("s"), providerMetadata: { google: { signature: "x" } } } as Part;
  const end: Part = { type: "text-end", id: "1" };
  await send(text("a"), text("b"), end, text("c", "2"), text("d", "3"), signed);
  const later = [text("a"), text("b"), end, text("c", "2"), text("d", "3")];
  expect(seen).toEqual(later);
  await send(end);
  expect(seen).toEqual([...later, signed, end]);
});

test("much text does not wait", async () => {
  const { seen, send } = setUp();
  await send(text("a"), text("x".repeat(flushLength)));
  expect(seen).toHaveLength(2);
});

test("the end, and a failure, come after all the text before them", async () => {
  const ended = setUp();
  await ended.send(text("a"), text("b"));
  ended.close();
  await ended.reading;
  expect(ended.seen).toEqual([text("a"), text("b")]);

  const failed = setUp();
  await failed.send(text("a"), text("b"));
  const error = new Error("Network connection lost.");
  failed.fail(error);
  await failed.reading;
  expect(failed.seen).toEqual([text("a"), text("b")]);
  expect(failed.failure()).toBe(error);
});

test("a cancellation reaches the source, and leaves no timer", async () => {
  const { reader, send, cancelled, pending } = setUp();
  await send(text("a"), text("b"));
  expect(pending()).toBe(1);
  await reader.cancel("stop");
  expect([cancelled(), pending()]).toEqual(["stop", 0]);
});

test("the model is otherwise the one that was given", async () => {
  const given = new MockLanguageModelV4({
    provider: "p",
    modelId: "m",
    doStream: async () => ({
      stream: new ReadableStream<Part>({
        start(controller) {
          for (const word of ["a", "b", "c"]) controller.enqueue(text(word));
          controller.close();
        },
      }),
      request: { body: "sent" },
    }),
  });
  const joined = joinDeltas(given, { timers: systemTimers, intervalMs: 48 });
  if (typeof joined === "string" || joined.specificationVersion !== "v4")
    throw new Error("Not V4.");
  expect([joined.provider, joined.modelId]).toEqual(["p", "m"]);
  const { stream, request } = await joined.doStream({ prompt: [] });
  expect(request).toEqual({ body: "sent" });
  const parts: Part[] = [];
  for await (const part of stream as unknown as AsyncIterable<Part>) parts.push(part);
  expect(parts).toEqual([text("a"), text("bc")]);
});
