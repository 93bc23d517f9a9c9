import { expect, test } from "vitest";
import { FloodGate } from "./flood-gate.ts";

const most = { perEvent: 5, perAddress: 2 };

test("lines are bounded by address and by event, and the rest is counted", () => {
  let now = 0;
  const gate = new FloodGate(most, () => now);
  const admitted = (event: string, address: string, count: number) =>
    Array.from({ length: count }, () => gate.admits(event, address)).filter(Boolean).length;
  gate.takeDropped();
  expect(admitted("a", "1", 10)).toBe(2);
  // One address does not hide the others.
  expect(["2", "3"].map((address) => admitted("a", address, 1))).toEqual([1, 1]);
  expect(admitted("a", "4", 10)).toBe(1);
  expect(admitted("a", "5", 1)).toBe(0);
  // Nor one event another.
  expect(admitted("b", "1", 1)).toBe(1);
  now = 59_999;
  expect(gate.takeDropped()).toEqual([]);
  expect(admitted("a", "6", 1)).toBe(0);
  now = 60_000;
  expect(gate.takeDropped()).toEqual([{ event: "a", count: 19 }]);
  expect(gate.takeDropped()).toEqual([]);
  expect(admitted("a", "1", 10)).toBe(2);
});
