import type { UIMessageChunk } from "ai";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EvenText } from "./even-text.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const text = (delta: string): UIMessageChunk => ({ type: "text-delta", id: "1", delta });

/** Records what is passed on, and when. */
function setUp({ isCalm = (): boolean => false } = {}) {
  const startedAt = Date.now();
  const passed: { readonly atMs: number; readonly chunk: UIMessageChunk }[] = [];
  const even = new EvenText(
    (chunk) => passed.push({ atMs: Date.now() - startedAt, chunk }),
    isCalm,
  );
  const texts = () =>
    passed.map(({ chunk }) => (chunk.type === "text-delta" ? chunk.delta : chunk.type));
  return { even, passed, texts };
}

/** Ten words, as five flushes a second bring them at 50 words a second. */
const burst = (first: number) =>
  Array.from({ length: 10 }, (_, index) => `${String(first + index).padStart(3, "0")} `).join("");

/** Lets bursts arrive every 200 ms. */
function play(even: EvenText, count: number): string {
  let whole = "";
  for (let index = 0; index < count; index += 1) {
    const delta = burst(index * 10);
    whole += delta;
    even.accept([text(delta)]);
    vi.advanceTimersByTime(200);
  }
  return whole;
}

it("lets bursts flow evenly, and is never further behind than one of them", () => {
  const { even, passed, texts } = setUp();
  const whole = play(even, 10);
  expect(texts().join("")).toBe(whole);
  // From the third burst on its pace is known: the pieces are alike, and come step by step.
  const later = passed.filter(({ atMs }) => atMs >= 400);
  const gaps = later.slice(1).map(({ atMs }, index) => atMs - (later[index]?.atMs ?? 0));
  expect(new Set(gaps)).toEqual(new Set([50]));
  for (const { chunk } of later) {
    expect(chunk).toMatchObject({ delta: expect.stringMatching(/^(\d{3} ){2,3}$/) });
  }
});

it("passes the first piece at once, and text that flows already", () => {
  const { even, passed } = setUp();
  for (let index = 0; index < 20; index += 1) {
    even.accept([text(`${index} `)]);
    vi.advanceTimersByTime(50);
  }
  expect(passed.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 20 }, (_, i) => i * 50));
});

it("delays neither the end nor the last words", () => {
  const { even, texts, passed } = setUp();
  play(even, 4);
  even.accept([text(burst(40))]);
  vi.advanceTimersByTime(60);
  even.accept([text("the end"), { type: "text-end", id: "1" }, { type: "finish" }]);
  expect(texts().slice(-2)).toEqual(["text-end", "finish"]);
  expect(texts().slice(0, -2).join("")).toMatch(/049 the end$/);
  const before = passed.length;
  vi.advanceTimersByTime(10_000);
  expect(passed).toHaveLength(before);
});

it("keeps the order of parts, and cuts no text with metadata", () => {
  const { even, passed } = setUp();
  play(even, 4);
  const before = passed.length;
  const signed = { type: "text-delta", id: "1", delta: "signed ", providerMetadata: {} } as const;
  const other = { type: "text-delta", id: "2", delta: "other part" } as const;
  even.accept([text("some words "), signed, other]);
  vi.advanceTimersByTime(1_000);
  const [first, second, ...rest] = passed.slice(before).map(({ chunk }) => chunk);
  expect([first, second]).toEqual([text("some words "), signed]);
  expect(rest.map((chunk) => ("delta" in chunk ? chunk.delta : "")).join("")).toBe("other part");
});

it("cuts no character in two", () => {
  const { even, texts } = setUp();
  play(even, 4);
  const before = texts().length;
  even.accept([text("😀".repeat(21))]);
  vi.advanceTimersByTime(1_000);
  const pieces = texts().slice(before);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("")).toBe("😀".repeat(21));
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
});

it("moves nothing for a reader who wants that, and stops when nothing is read any more", () => {
  const calm = setUp({ isCalm: () => true });
  play(calm.even, 5);
  expect(calm.passed.map(({ atMs }) => atMs)).toEqual([0, 200, 400, 600, 800]);

  const { even, passed } = setUp();
  play(even, 4);
  even.accept([text(burst(40))]);
  const before = passed.length;
  even.stop();
  vi.advanceTimersByTime(1_000);
  expect(passed).toHaveLength(before);
});
