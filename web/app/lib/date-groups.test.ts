import { describe, expect, test } from "vitest";
import { groupByDate, type Reader } from "./date-groups.ts";

function labels(times: string[], reader: Reader): string[] {
  const chats = times.map((time) => ({ updatedAt: Date.parse(time) }));
  return groupByDate(chats, reader).map(({ label, items }) => `${label}: ${items.length}`);
}

const noonInUtc: Reader = { nowMs: Date.parse("2026-11-24T12:00:00Z"), timeZone: "UTC" };

describe("groupByDate", () => {
  test("splits at calendar days, not at spans of 24 hours", () => {
    expect(
      labels(
        [
          "2026-11-24T11:59:00Z",
          "2026-11-24T00:00:00Z",
          "2026-11-23T23:59:59Z",
          "2026-11-23T00:00:00Z",
          "2026-11-22T23:59:59Z",
          "2026-11-17T00:00:00Z",
          "2026-11-16T23:59:59Z",
          "2026-10-25T00:00:00Z",
          "2026-10-24T23:59:59Z",
          "2026-09-30T10:00:00Z",
          "2025-10-01T10:00:00Z",
        ],
        noonInUtc,
      ),
    ).toEqual([
      "Today: 2",
      "Yesterday: 2",
      "Previous 7 days: 2",
      "Previous 30 days: 2",
      "October 2026: 1",
      "September 2026: 1",
      "October 2025: 1",
    ]);
  });

  test("the days are those of the reader's time zone", () => {
    const times = ["2026-11-24T04:00:00Z", "2026-11-23T20:00:00Z"];
    const nowMs = Date.parse("2026-11-24T12:00:00Z");
    expect(labels(times, { nowMs, timeZone: "UTC" })).toEqual(["Today: 1", "Yesterday: 1"]);
    expect(labels(times, { nowMs, timeZone: "America/New_York" })).toEqual(["Yesterday: 2"]);
    expect(labels(times, { nowMs, timeZone: "Asia/Tokyo" })).toEqual(["Today: 2"]);
  });

  test("a day of 25 hours is one day", () => {
    // Clocks in New York went back on 1 November 2026.
    const reader = { nowMs: Date.parse("2026-11-02T05:30:00Z"), timeZone: "America/New_York" };
    expect(labels(["2026-11-01T04:30:00Z", "2026-11-01T03:30:00Z"], reader)).toEqual([
      "Yesterday: 1",
      "Previous 7 days: 1",
    ]);
  });

  test("a time from a clock ahead of ours counts as today", () => {
    expect(labels(["2026-11-25T12:00:00Z"], noonInUtc)).toEqual(["Today: 1"]);
  });

  test("keeps the order, and omits empty groups", () => {
    const chats = [
      { id: "b", updatedAt: noonInUtc.nowMs },
      { id: "a", updatedAt: noonInUtc.nowMs - 1 },
    ];
    expect(groupByDate(chats, noonInUtc)).toEqual([{ label: "Today", items: chats }]);
    expect(groupByDate([], noonInUtc)).toEqual([]);
  });
});
