import { vi } from "vitest";

/** Lets fake time go by until the promise has settled, and answers as it does. */
export async function inFakeTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) await vi.advanceTimersByTimeAsync(50);
  return promise;
}

/** What was told, and after how many ms of fake time. */
export function timeline<T>() {
  const startMs = Date.now();
  const told: { afterMs: number; value: T }[] = [];
  return { told, tell: (value: T) => told.push({ afterMs: Date.now() - startMs, value }) };
}
