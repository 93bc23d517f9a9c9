import { expect, test } from "vitest";
import { momentText } from "./moment-text.ts";

const at = (text: string) => Date.parse(text);

test.each([
  ["2026-05-01T10:00Z", "Europe/Berlin", "tomorrow at 2:00 AM"],
  ["2026-05-01T23:30Z", "Europe/Berlin", "at 2:00 AM"],
  ["2026-05-01T10:00Z", "America/New_York", "at 8:00 PM"],
  ["2026-04-28T10:00Z", "UTC", "on May 2, 2026 at 12:00 AM"],
])("midnight of UTC, seen at %s in %s, is %s", (now, timeZone, text) => {
  const said = momentText(at("2026-05-02T00:00Z"), at(now), timeZone);
  // Some versions put a narrow space between the time and AM.
  expect(said.replaceAll(/\s/g, " ")).toBe(text);
});
