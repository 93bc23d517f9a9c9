import { expect, test } from "vitest";
import { microsOf, timeOf } from "./time.ts";

const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts);

test.each([
  ["2024-05-01 10:00:00", "UTC", utc(2024, 4, 1, 10)],
  ["2024-05-01 10:00:00.123999", "UTC", utc(2024, 4, 1, 10, 0, 0, 123)],
  ["2024-05-01 10:00:00+02", "UTC", utc(2024, 4, 1, 8)],
  // An offset says more than the zone of times without one.
  ["2024-05-01T10:00:00.5-03:30", "Asia/Tokyo", utc(2024, 4, 1, 13, 30, 0, 500)],
  ["2024-05-01T10:00:00Z", "Asia/Tokyo", utc(2024, 4, 1, 10)],
  ["2024-05-01", "UTC", utc(2024, 4, 1)],
  ["2024-01-01 10:00:00", "America/New_York", utc(2024, 0, 1, 15)],
  ["2024-07-01 10:00:00", "America/New_York", utc(2024, 6, 1, 14)],
  // Clocks went from 2 to 3 o'clock, so this was never shown.
  ["2024-03-31 02:30:00", "Europe/Berlin", utc(2024, 2, 31, 1, 30)],
  // This was shown twice.
  ["2024-10-27 02:30:00", "Europe/Berlin", utc(2024, 9, 27, 0, 30)],
  ["2024-10-27 03:30:00", "Europe/Berlin", utc(2024, 9, 27, 2, 30)],
])("%s in %s", (text, zone, time) => {
  expect(timeOf(text, zone)).toBe(time);
});

test("microseconds are kept for the order", () => {
  expect(microsOf("2024-05-01 10:00:00.000001", "UTC")).toBe(utc(2024, 4, 1, 10) * 1_000 + 1);
});

test.each([
  "infinity",
  "-infinity",
  "0044-03-15 10:00:00 BC",
  "1969-12-31 23:59:59",
  "2024-02-30",
  "x",
  "",
  null,
])("%s is no time that the product can store", (text) => {
  expect(microsOf(text, "UTC")).toBeNull();
});
