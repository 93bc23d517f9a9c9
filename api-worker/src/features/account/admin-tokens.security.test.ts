/** Tokens with which an administrator's programs read administration. */
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createUser } from "../../../test/factories.ts";
import { programOf } from "../../../test/programs.ts";
import type { ErrorData } from "../../contracts/errors.ts";
import { appRouter } from "../../router.ts";

afterEach(() => Object.assign(env, { ADMIN_CHAT_ACCESS: "on" }));

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription" } }
>;
const changes = Object.entries(procedures)
  .filter(([path, { _def }]) => path.startsWith("admin.") && _def.type !== "query")
  .map(([path]) => path);

test("a token with admin:read calls queries of administration, and nothing else", async () => {
  const admin = await callerFor("admin");
  const program = await programOf(admin, ["admin:read"]);
  expect((await admin.api.account.tokens.list.query()).items).toMatchObject([
    { scopes: [], adminScopes: ["admin:read"] },
  ]);
  const { items } = await program.api.admin.users.list.query({ search: admin.user.email ?? "" });
  expect(items).toMatchObject([{ id: admin.user.id }]);
  await program.api.admin.audit.list.query({});
  expect(changes.length).toBeGreaterThan(5);
  for (const path of changes) {
    const response = await program.fetch(`/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { error } = await response.json<{ error: { message: string; data: ErrorData } }>();
    expect(error, path).toMatchObject({
      message: "This can’t be done with an API token.",
      data: { errorCode: "FORBIDDEN" },
    });
  }
  expect(await errorOf(program.api.chats.list.query({}))).toMatchObject({
    message: "This API token lacks the scope chats:read.",
  });
  const other = await programOf(admin, ["chats:read", "chats:write", "streams"]);
  expect(await errorOf(other.api.admin.users.list.query({}))).toMatchObject({
    message: "This API token lacks the scope admin:read.",
  });
});

test("a token reads a chat that its administrator has opened, unless the operator keeps chats closed", async () => {
  const [admin, owner] = [await callerFor("admin"), await createUser()];
  const { id: chatId } = await createChat(owner, { title: "Theirs" });
  const program = await programOf(admin, ["admin:read"]);
  const wish = { userId: owner.id, chatId, reason: "why" };
  expect((await errorOf(program.api.admin.chats.open.mutate(wish))).errorCode).toBe("FORBIDDEN");
  const { accessId } = await admin.api.admin.chats.open.mutate(wish);
  const { chats } = program.api.admin;
  expect(await chats.inspect.query({ accessId })).toMatchObject({ chat: { title: "Theirs" } });
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  for (const call of [chats.inspect, chats.messages]) {
    expect((await errorOf(call.query({ accessId }))).errorCode).toBe("FORBIDDEN");
  }
  expect(await chats.list.query({ chatId })).toMatchObject({ items: [{ title: null }] });
});

test("the token of someone who is no administrator any more reads nothing, from the next call on", async () => {
  const [admin, other] = [await callerFor("admin"), await callerFor("admin")];
  const program = await programOf(admin, ["admin:read"]);
  await program.api.admin.streams.live.query();
  await other.api.admin.users.setRole.mutate({ userId: admin.user.id, role: "user" });
  expect(await errorOf(program.api.admin.streams.live.query())).toMatchObject({
    errorCode: "FORBIDDEN",
    message: "Only administrators can do this.",
  });
  const user = await callerAs({ ...admin.user, role: "user" });
  expect((await errorOf(programOf(user, ["admin:read"]))).errorCode).toBe("FORBIDDEN");
});
