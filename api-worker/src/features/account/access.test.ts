import { expect, test } from "vitest";
import { appRouter } from "../../router.ts";
import { tokenAccess } from "./access.ts";

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription" } }
>;

/** What a program can do at all: a procedure is open to programs only if it is named here. */
const openToPrograms: Record<string, "chats:read" | "chats:write"> = {
  "chats.list": "chats:read",
  "chats.get": "chats:read",
  "chats.watch": "chats:read",
  "chats.rename": "chats:write",
  "chats.delete": "chats:write",
  "chats.deleteAll": "chats:write",
  "messages.list": "chats:read",
  "messages.stream": "chats:read",
  "messages.send": "chats:write",
  "messages.stop": "chats:write",
  "messages.continue": "chats:write",
  "models.list": "chats:read",
};

const cells = Object.entries(procedures).map(([path, { _def }]) => ({ path, type: _def.type }));

test.each(cells)("$path opens to programs by its own scope alone", ({ path, type }) => {
  const needed = openToPrograms[path];
  const all = ["streams", "chats:read", "chats:write"] as const;
  if (!needed) {
    expect(tokenAccess(all, path, type)).toEqual({ kind: "closed" });
    return;
  }
  expect(tokenAccess([needed], path, type)).toEqual({ kind: "allowed" });
  const others = all.filter((scope) => scope !== needed);
  expect(tokenAccess(others, path, type)).toEqual({ kind: "needs", scope: needed });
});

test("what nobody has opened is closed to programs", () => {
  const all = ["streams", "chats:read", "chats:write"] as const;
  for (const path of ["admin.users.list", "constructor", "", "chats2.list"]) {
    expect(tokenAccess(all, path, "query")).toEqual({ kind: "closed" });
  }
});
