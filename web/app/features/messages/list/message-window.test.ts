import { expect, test } from "vitest";
import { messageGapPx, spaceOf, windowAround, windowFor } from "./message-window.ts";

/** 1,000 messages, each 76 px high: 100 px with the gap. */
const heights = Array.from({ length: 1000 }, () => 100 - messageGapPx);

test("at the end the newest messages are there, as far as the view and what is near it reach", () => {
  const view = { distancePx: 0, heightPx: 800, overscanPx: 1000 };
  expect(windowFor(heights, view)).toEqual({ skip: 0, count: 20 });
});

test("far up, only what is around the view is there", () => {
  const view = { distancePx: 50_000, heightPx: 800, overscanPx: 1000 };
  const { skip, count } = windowFor(heights, view);
  expect(skip * 100).toBeLessThanOrEqual(49_000);
  expect((skip + count) * 100).toBeGreaterThanOrEqual(51_800);
  expect(count).toBeLessThanOrEqual(36);
});

test("there is always something, also beyond the first message", () => {
  const view = { distancePx: 10_000_000, heightPx: 800, overscanPx: 1000 };
  const { skip, count } = windowFor(heights, view);
  expect(skip).toBeLessThanOrEqual(1000);
  expect(count).toBeGreaterThan(0);
});

test("a small step changes nothing, so that scrolling seldom renders", () => {
  const at = (distancePx: number) =>
    windowFor(heights, { distancePx, heightPx: 800, overscanPx: 1000 });
  expect(at(50_010)).toEqual(at(50_050));
});

test("the space of what is left out is that of the messages with the gaps between them", () => {
  expect(spaceOf([])).toBe(0);
  expect(spaceOf([76, 76])).toBe(76 + messageGapPx + 76);
});

test("a message that one is led to stands in the middle of its window", () => {
  const { skip, count } = windowAround(500);
  expect(skip).toBeLessThan(500);
  expect(skip + count).toBeGreaterThan(500);
  expect(windowAround(2).skip).toBe(0);
});
