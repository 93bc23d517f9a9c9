import { describe, expect, test } from "vitest";
import { loginPath, nextPath, withNext } from "./next-path.ts";

describe("nextPath", () => {
  test.each([
    "/",
    "/chat/0193b3a0-0000-7000-8000-000000000000",
    "/?query=hello%20there",
    "/chat/x?y=1#z",
    "/a:b",
  ])("follows the local path %s", (path) => expect(nextPath(path)).toBe(path));

  test.each([
    ["another site", "https://evil.example/"],
    ["another site without a scheme", "//evil.example"],
    ["a backslash that browsers read as a slash", "/\\evil.example"],
    ["two backslashes", "\\\\evil.example"],
    ["a tab that browsers drop", "/\t/evil.example"],
    ["a line break that browsers drop", "/\n/evil.example"],
    ["a path that is another site once its dots are gone", "/.//evil.example"],
    ["the same with a way up", "/a/..//evil.example"],
    ["the same with encoded dots", "/%2e//evil.example"],
    ["a scheme with code", "javascript:alert(1)"],
    ["a scheme alone", "https:evil.example"],
    ["a host without a slash", "evil.example"],
    ["a leading space", " //evil.example"],
    ["nothing", ""],
    ["no value", null],
    ["a file", new Blob()],
  ])("does not follow %s", (_, value) => expect(nextPath(value)).toBe("/"));

  test("an encoded path stays on the site", () => {
    for (const value of [
      "/%5Cevil.example",
      "/%2F/evil.example",
      "/;//evil.example",
      "/@evil.example",
    ]) {
      const { origin } = new URL(nextPath(value), "https://chat.example");
      expect(origin).toBe("https://chat.example");
    }
  });
});

test("the login page leads back to the requested page", () => {
  const path = loginPath(new URL("https://chat.example/chat/x?y=1&z=2"));
  const next = new URL(path, "https://chat.example").searchParams.get("next");
  expect(nextPath(next)).toBe("/chat/x?y=1&z=2");
});

test("the start page is left out of the address", () => {
  expect(loginPath(new URL("https://chat.example/"))).toBe("/login");
  expect(withNext("/signup", "/")).toBe("/signup");
});
