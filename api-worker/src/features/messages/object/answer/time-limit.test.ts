import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimeLimit } from "./time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minute = 60_000;

function watch(limits: { idleMs: number; totalMs: number }) {
  const onReached = vi.fn();
  return { limit: new TimeLimit(limits, onReached), onReached };
}

test("an answer that gets nowhere ends after the time without progress", () => {
  const { onReached } = watch({ idleMs: 30 * minute, totalMs: 240 * minute });
  vi.advanceTimersByTime(30 * minute - 1);
  expect(onReached).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onReached).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("a long answer that still grows is left alone, until it stands still or the whole is over", () => {
  const { limit, onReached } = watch({ idleMs: 30 * minute, totalMs: 240 * minute });
  for (let passed = 0; passed < 200; passed += 20) {
    vi.advanceTimersByTime(20 * minute);
    limit.seeProgress();
  }
  expect(onReached).not.toHaveBeenCalled();
  vi.advanceTimersByTime(30 * minute);
  expect(onReached).toHaveBeenCalledTimes(1);

  const other = watch({ idleMs: 30 * minute, totalMs: 240 * minute });
  for (let passed = 0; passed < 239; passed += 1) {
    vi.advanceTimersByTime(minute);
    other.limit.seeProgress();
  }
  expect(other.onReached).not.toHaveBeenCalled();
  vi.advanceTimersByTime(minute);
  expect(other.onReached).toHaveBeenCalledTimes(1);
});

test("an answer that has ended leaves no timer behind", () => {
  const { limit, onReached } = watch({ idleMs: minute, totalMs: 2 * minute });
  limit.end();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10 * minute);
  expect(onReached).not.toHaveBeenCalled();
});

test("a limit longer than a timer can wait does not fire at once", () => {
  const { onReached } = watch({ idleMs: 2 ** 40, totalMs: 2 ** 40 });
  vi.advanceTimersByTime(minute);
  expect(onReached).not.toHaveBeenCalled();
});
