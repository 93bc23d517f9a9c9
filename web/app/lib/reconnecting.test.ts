import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reconnecting } from "./reconnecting.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Opens connections for a test and records whether each is current and whether it was closed. */
function connections() {
  const opened: { isCurrent: () => boolean; close: ReturnType<typeof vi.fn> }[] = [];
  const connection = reconnecting(
    (isCurrent) => {
      const close = vi.fn();
      opened.push({ isCurrent, close });
      return close;
    },
    [10, 100],
  );
  return { opened, connection };
}

test("waits grow with each failure, the last one repeats, and a success resets them", () => {
  const { opened, connection } = connections();
  connection.connect();
  for (const delayMs of [10, 100, 100]) {
    connection.retry();
    const count = opened.length;
    vi.advanceTimersByTime(delayMs - 1);
    expect(opened).toHaveLength(count);
    vi.advanceTimersByTime(1);
    expect(opened).toHaveLength(count + 1);
  }
  connection.succeed();
  connection.retry();
  vi.advanceTimersByTime(10);
  expect(opened).toHaveLength(5);
});

test("only one connection is open at a time, and each is closed once, when it is replaced", () => {
  const { opened, connection } = connections();
  connection.connect();
  connection.connect();
  expect(opened.map(({ isCurrent }) => isCurrent())).toEqual([false, true]);
  connection.retry();
  expect(opened.map(({ close }) => close.mock.calls.length)).toEqual([1, 1]);
  connection.connect();
  vi.advanceTimersByTime(1_000);
  expect(opened).toHaveLength(3);
  connection.stop();
  connection.stop();
  expect(opened.map(({ close }) => close.mock.calls.length)).toEqual([1, 1, 1]);
});

test("a connection that ends before it is open is still closed", () => {
  const close = vi.fn();
  const connection = reconnecting(() => {
    connection.stop();
    return close;
  }, [10]);
  connection.connect();
  expect(close).toHaveBeenCalledTimes(1);
});
