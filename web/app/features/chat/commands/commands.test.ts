import { expect, test } from "vitest";
import { argumentOf, commands, matchCommands, themeOf } from "./commands.ts";

const found = (text: string, hasChat = true) => matchCommands(text, hasChat).map((c) => c.text);

test("a slash opens all commands, and each letter leaves fewer", () => {
  expect(found("/")).toHaveLength(commands.length);
  expect(found("/e")).toEqual(["/export markdown", "/export json"]);
  expect(found("/export j")).toEqual(["/export json"]);
  expect(found("/THEME d")).toEqual(["/theme dark"]);
});

test("what is no command is a message", () => {
  for (const text of ["", "hello /new", "/usr/bin", "/new chat please", " /new"]) {
    expect(found(text)).toEqual([]);
  }
});

test("what needs a chat is not offered before there is one", () => {
  expect(found("/", false)).not.toContain("/delete");
  expect(found("/ren", false)).toEqual([]);
});

test("a title is written behind its command", () => {
  expect(found("/rename  On  whales")).toEqual(["/rename"]);
  const [rename] = matchCommands("/rename On whales", true);
  expect(rename && argumentOf(rename, "/rename On whales ")).toBe("On whales");
});

test("themes are named by their commands", () => {
  expect(commands.map(themeOf).filter(Boolean)).toEqual(["light", "dark", "system"]);
});
