import { afterEach, expect, test, vi } from "vitest";
import { readPreference, writePreference } from "./cookies.ts";
import { readTheme } from "./theme.ts";
import { readTimeZone } from "./time-zone.ts";

afterEach(() => vi.unstubAllGlobals());

/** What is written to `document.cookie` of a page. */
function written(address: string, cookies: string, write: () => void): string[] {
  const lines: string[] = [];
  const set = (line: string) => void lines.push(line);
  vi.stubGlobal("location", new URL(address));
  vi.stubGlobal("document", Object.defineProperty({}, "cookie", { get: () => cookies, set }));
  write();
  return lines;
}

test("over HTTPS a preference is a cookie of this host alone, and only sent over HTTPS", () => {
  const write = () => writePreference("theme", "dark");
  const line = "__Host-theme=dark; Path=/; Max-Age=31536000; SameSite=Lax; Secure";
  expect(written("https://chat.example/", "", write)).toEqual([line]);
  // The name of before goes, or it would come back once the preference is removed.
  expect(written("https://chat.example/", "a=b; theme=light", write)).toEqual([
    line,
    "theme=; Path=/; Max-Age=0; SameSite=Lax; Secure",
  ]);
  expect(written("http://localhost:5173/", "", () => writePreference("theme", null))).toEqual([
    "theme=; Path=/; Max-Age=0; SameSite=Lax",
  ]);
});

test("a preference is found under the name of before too, which another host may have set", () => {
  expect(readPreference("theme=light", "theme")).toBe("light");
  expect(readPreference("theme=light; __Host-theme=dark", "theme")).toBe("dark");
});

test("finds one cookie among many, with its whole value", () => {
  const header = "session=a=b.c; timeZone=America%2FNew_York;theme=dark";
  expect(readPreference(header, "session")).toBe("a=b.c");
  expect(readPreference(header, "timeZone")).toBe("America/New_York");
  expect(readPreference(header, "theme")).toBe("dark");
  expect(readPreference(header, "them")).toBeNull();
  expect(readPreference(null, "theme")).toBeNull();
});

test("a cookie that cannot be decoded is ignored", () => {
  expect(readPreference("theme=%E0%A4%A", "theme")).toBeNull();
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
