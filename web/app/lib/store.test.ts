import { expect, test, vi } from "vitest";
import { Store } from "./store.ts";

test("listeners are called for each change until they stop", () => {
  const store = new Store(1);
  const [first, second] = [vi.fn(), vi.fn()];
  const stop = store.subscribe(first);
  store.subscribe(second);
  store.set(2);
  stop();
  store.set(3);
  expect(store.value).toBe(3);
  expect(first).toHaveBeenCalledTimes(1);
  expect(second).toHaveBeenCalledTimes(2);
});

test("a listener can stop another one during a change", () => {
  const store = new Store("a");
  const late = vi.fn();
  store.subscribe(() => stopLate());
  const stopLate = store.subscribe(late);
  store.set("b");
  expect(late).not.toHaveBeenCalled();
});
