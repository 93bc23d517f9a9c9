import { expect, test } from "vitest";
import { argumentOf, commands, matchCommands, themeOf } from "./commands.ts";

const found = (text: string, hasChat = true) => matchCommands(text, hasChat).map((c) => c.text);

test("a slash lists all commands, and each letter narrows the list", () => {
  expect(found("/")).toHaveLength(commands.length);
  expect(found("/e")).toEqual(["/export markdown", "/export json"]);
  expect(found("/export j")).toEqual(["/export json"]);
  expect(found("/THEME d")).toEqual(["/theme dark"]);
});

test("a text that is not a command is a message", () => {
  for (const text of ["", "hello /new", "/usr/bin", "/new chat please", " /new"]) {
    expect(found(text)).toEqual([]);
  }
});

test("commands that need a chat are not offered before it has started", () => {
  expect(found("/", false)).not.toContain("/delete");
  expect(found("/ren", false)).toEqual([]);
});

test("a title follows its command", () => {
  expect(found("/rename  On  whales")).toEqual(["/rename"]);
  const [rename] = matchCommands("/rename On whales", true);
  expect(rename && argumentOf(rename, "/rename On whales ")).toBe("On whales");
});

test("each theme has a command", () => {
  expect(commands.map(themeOf).filter(Boolean)).toEqual(["light", "dark", "system"]);
});
