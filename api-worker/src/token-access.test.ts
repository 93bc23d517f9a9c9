import { expect, test } from "vitest";
import { appRouter } from "./router.ts";
import { tokenAccess } from "./token-access.ts";

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription" } }
>;

/**
 * The routers that programs may use. A new router is closed to programs until it is added here too.
 */
const openToPrograms = ["chats", "messages", "models", "uploads", "votes"];

const all = ["streams", "chats:read", "chats:write", "admin:read"] as const;
const cells = Object.entries(procedures).map(([path, { _def }]) => ({ path, type: _def.type }));

test.each(cells)("$path opens to programs by one scope alone, or by none", ({ path, type }) => {
  const [routerName = ""] = path.split(".");
  const isAdminQuery = routerName === "admin" && type === "query";
  if (!isAdminQuery && !openToPrograms.includes(routerName)) {
    expect(tokenAccess(all, path, type)).toEqual({ kind: "closed" });
    return;
  }
  const own = type === "mutation" ? "chats:write" : "chats:read";
  const needed = isAdminQuery ? "admin:read" : own;
  expect(tokenAccess([needed], path, type)).toEqual({ kind: "allowed" });
  const others = all.filter((scope) => scope !== needed);
  expect(tokenAccess(others, path, type)).toEqual({ kind: "needs", scope: needed });
});

test("procedures that are not opened are closed to programs", () => {
  for (const path of ["administration.list", "constructor", "", "chats2.list"]) {
    expect(tokenAccess(all, path, "query")).toEqual({ kind: "closed" });
  }
});
