import { expect, test } from "vitest";
import { FlushBuffer, flushLength } from "./flush-buffer.ts";
import { flushIntervalMs as intervalOf } from "./pace.ts";

const flushIntervalMs = intervalOf(20);

/** A clock that the test advances. */
function manualTimers() {
  let now = 1_000;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    set(callback: () => void, delayMs: number) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return timer;
    },
    clear(timer: unknown) {
      timers = timers.filter((other) => other !== timer);
    },
    advance(ms: number) {
      now += ms;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((other) => other !== timer);
        timer.callback();
      }
    },
    get pending() {
      return timers.length;
    },
  };
}

function setUp() {
  const written: string[][] = [];
  const timers = manualTimers();
  const buffer = new FlushBuffer((items) => written.push([...items]), timers, flushIntervalMs);
  return { buffer, timers, written };
}

test("the first chunk is written at once", () => {
  const { buffer, written } = setUp();
  buffer.push("a", "due");
  expect(written).toEqual([["a"]]);
});

test("at reading speed nothing waits", () => {
  const { buffer, timers, written } = setUp();
  for (const item of ["a", "b", "c"]) {
    buffer.push(item, "due");
    timers.advance(flushIntervalMs);
  }
  expect(written).toEqual([["a"], ["b"], ["c"]]);
});

test("a chunk that comes a little early, 20 times a second, does not wait", () => {
  const { buffer, timers, written } = setUp();
  for (const [index, gapMs] of [50, 44, 56, 43, 57].entries()) {
    buffer.push(String(index), "due");
    expect(written.length).toBe(index + 1);
    timers.advance(gapMs);
  }
});

test("chunks that come 20 times a second do not wait, however unevenly each comes", () => {
  const { buffer, timers, written } = setUp();
  for (let index = 0; index < 1_000; index++) {
    buffer.push(String(index), "due");
    expect(written.length).toBe(index + 1);
    timers.advance(index % 2 === 0 ? 28 : 72);
  }
});

test("a flood is written at most 22 times in a second, and 209 times in ten", () => {
  const { buffer, timers, written } = setUp();
  for (let elapsedMs = 0; elapsedMs < 10_000; elapsedMs += 1) {
    if (elapsedMs === 1_000) expect(written.length).toBeLessThanOrEqual(22);
    buffer.push(String(elapsedMs), "due");
    timers.advance(1);
  }
  expect(written.length).toBeLessThanOrEqual(209);
});

test("after many results that were written at once, text waits no longer than usual", () => {
  const { buffer, timers, written } = setUp();
  for (let index = 0; index < 100; index++) buffer.push("tool result", "now");
  expect(written).toHaveLength(100);
  buffer.push("word", "due");
  timers.advance(flushIntervalMs);
  expect(written.at(-1)).toEqual(["word"]);
});

test("a clock that is set back delays nothing by more than an interval", () => {
  const { buffer, timers, written } = setUp();
  buffer.push("a", "due");
  timers.advance(-3_600_000);
  buffer.push("b", "due");
  timers.advance(flushIntervalMs);
  expect(written).toEqual([["a"], ["b"]]);
});

test("a flood is written once in an interval", () => {
  const { buffer, timers, written } = setUp();
  for (let index = 0; index < 100; index++) {
    buffer.push(String(index), "due");
    timers.advance(flushIntervalMs / 25);
  }
  expect(written.length).toBeLessThanOrEqual(5);
  buffer.flush();
  expect(written.flat()).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
});

test("what is urgent does not wait, and takes along what waited", () => {
  const { buffer, timers, written } = setUp();
  buffer.push("a", "due");
  buffer.push("b", "due");
  buffer.push("tool result", "now");
  expect(written).toEqual([["a"], ["b", "tool result"]]);
  expect(timers.pending).toBe(0);
});

test("much text does not wait", () => {
  const { buffer, written } = setUp();
  buffer.push("a", "due");
  buffer.push("x".repeat(flushLength), "due");
  expect(written).toHaveLength(2);
});

test("an empty flush writes nothing", () => {
  const { buffer, written } = setUp();
  buffer.flush();
  expect(written).toEqual([]);
});

test("a mark waits for the content after it, which then waits for nothing", () => {
  const { buffer, timers, written } = setUp();
  buffer.push("text-start", "later");
  expect(written).toEqual([]);
  buffer.push("word", "due");
  expect(written).toEqual([["text-start", "word"]]);
  timers.advance(10 * flushIntervalMs);
  buffer.push("text-end", "later");
  expect(written).toHaveLength(1);
});

test("a mark without content after it is written within the interval", () => {
  const { buffer, timers, written } = setUp();
  buffer.push("step-start", "later");
  timers.advance(flushIntervalMs);
  expect(written).toEqual([["step-start"]]);
});

test("content does not wait because a mark was written just before it", () => {
  const { buffer, timers, written } = setUp();
  buffer.push("title", "later");
  timers.advance(flushIntervalMs);
  buffer.push("word", "due");
  expect(written).toEqual([["title"], ["word"]]);
  buffer.push("next word", "due");
  expect(written).toHaveLength(2);
});
