import { expect, test } from "vitest";
import { messageGapPx, spaceOf, windowAround, windowFor } from "./message-window.ts";

/** 1,000 messages, each 76 px high: 100 px with the gap. */
const heights = Array.from({ length: 1000 }, () => 100 - messageGapPx);

test("at the end, the newest messages in view and near it are rendered", () => {
  const view = { distancePx: 0, heightPx: 800, overscanPx: 1000 };
  expect(windowFor(heights, view)).toEqual({ skip: 0, count: 20 });
});

test("far up, only messages around the view are rendered", () => {
  const view = { distancePx: 50_000, heightPx: 800, overscanPx: 1000 };
  const { skip, count } = windowFor(heights, view);
  expect(skip * 100).toBeLessThanOrEqual(49_000);
  expect((skip + count) * 100).toBeGreaterThanOrEqual(51_800);
  expect(count).toBeLessThanOrEqual(36);
});

test("the window is never empty, not even beyond the first message", () => {
  const view = { distancePx: 10_000_000, heightPx: 800, overscanPx: 1000 };
  const { skip, count } = windowFor(heights, view);
  expect(skip).toBeLessThanOrEqual(1000);
  expect(count).toBeGreaterThan(0);
});

test("a small step leaves the window unchanged, so that scrolling seldom renders", () => {
  const at = (distancePx: number) =>
    windowFor(heights, { distancePx, heightPx: 800, overscanPx: 1000 });
  expect(at(50_010)).toEqual(at(50_050));
});

test("the space for omitted messages includes the gaps between them", () => {
  expect(spaceOf([])).toBe(0);
  expect(spaceOf([76, 76])).toBe(76 + messageGapPx + 76);
});

test("a revealed message is in the middle of its window", () => {
  const { skip, count } = windowAround(500);
  expect(skip).toBeLessThan(500);
  expect(skip + count).toBeGreaterThan(500);
  expect(windowAround(2).skip).toBe(0);
});
