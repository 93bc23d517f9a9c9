import { expect, test } from "vitest";
import { readCookie } from "./cookies.ts";
import { readTheme } from "./theme.ts";
import { readTimeZone } from "./time-zone.ts";

test("finds one cookie among many, with its whole value", () => {
  const header = "session=a=b.c; timeZone=America%2FNew_York;theme=dark";
  expect(readCookie(header, "session")).toBe("a=b.c");
  expect(readCookie(header, "timeZone")).toBe("America/New_York");
  expect(readCookie(header, "theme")).toBe("dark");
  expect(readCookie(header, "them")).toBeNull();
  expect(readCookie(null, "theme")).toBeNull();
});

test("a cookie that cannot be decoded is ignored", () => {
  expect(readCookie("theme=%E0%A4%A", "theme")).toBeNull();
});

test.each([
  ["theme=dark", "dark"],
  ["theme=light", "light"],
  ["theme=purple", "system"],
  [null, "system"],
])("the theme of %s is %s", (header, theme) => expect(readTheme(header)).toBe(theme));

test.each([
  ["the browser's report", "timeZone=Europe%2FRome", "Asia/Tokyo", "Europe/Rome"],
  ["the platform's guess", null, "Asia/Tokyo", "Asia/Tokyo"],
  ["the guess when the cookie is no zone", "timeZone=Mars%2FBase", "Asia/Tokyo", "Asia/Tokyo"],
  ["UTC when nothing is known", null, undefined, "UTC"],
  ["UTC when the guess is no zone", null, "nowhere", "UTC"],
])("the time zone is %s", (_, header, guess, zone) => {
  expect(readTimeZone(header, guess)).toBe(zone);
});
