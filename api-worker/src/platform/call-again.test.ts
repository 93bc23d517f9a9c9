import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { callAgain } from "./call-again.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Calls something that fails so often, and notes when it is called, in ms from the beginning. */
function callFailing(failures: number) {
  const begunAt = Date.now();
  const calledAt: number[] = [];
  const result = callAgain(
    async () => {
      calledAt.push(Date.now() - begunAt);
      if (calledAt.length <= failures) throw new Error(`failure ${calledAt.length}`);
      return "done";
    },
    { maxTries: 4, firstWaitMs: 100 },
  );
  return { result, calledAt };
}

test("a call that fails is repeated after waits that double, until it succeeds", async () => {
  const { result, calledAt } = callFailing(3);
  await vi.runAllTimersAsync();
  expect(await result).toBe("done");
  expect(calledAt).toEqual([0, 100, 300, 700]);
});

test("after the last try the caller gets the last failure", async () => {
  const { result, calledAt } = callFailing(9);
  await Promise.all([expect(result).rejects.toThrow("failure 4"), vi.runAllTimersAsync()]);
  expect(calledAt).toEqual([0, 100, 300, 700]);
});

test("a call that succeeds is not repeated", async () => {
  const { result, calledAt } = callFailing(0);
  expect(await result).toBe("done");
  expect(calledAt).toEqual([0]);
});
