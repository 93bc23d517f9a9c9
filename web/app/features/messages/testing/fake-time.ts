import { vi } from "vitest";

/**
 * Advances fake time until the promise has settled.
 *
 * @returns the promise
 */
export async function inFakeTime<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) await vi.advanceTimersByTimeAsync(50);
  return promise;
}

/** Records values, each with its fake time since the start in ms. */
export function timeline<T>() {
  const startMs = Date.now();
  const told: { afterMs: number; value: T }[] = [];
  return { told, tell: (value: T) => told.push({ afterMs: Date.now() - startMs, value }) };
}
