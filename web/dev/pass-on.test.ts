import { globSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { isPassedOn, passedOnFolders } from "../pages/pass-on.ts";

test("Pages has a function for each folder that belongs to the API, and no other", () => {
  const functions = globSync("*/**/*.ts", {
    cwd: new URL("../functions", import.meta.url).pathname,
  });
  expect(functions.map((path) => dirname(path)).sort()).toEqual([...passedOnFolders].sort());
});

test.each([
  ["/trpc/auth.me", true],
  ["/files/x/y", true],
  ["/v1", true],
  ["/run/packages/x.whl", true],
  ["/run/python", false],
  ["/trpcs", false],
  ["/chat/trpc/", false],
  ["/failures", false],
])("%s is passed on: %s", (path, expected) => {
  expect(isPassedOn(path)).toBe(expected);
});
