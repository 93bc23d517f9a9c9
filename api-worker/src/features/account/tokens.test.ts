import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { describe, expect, test, vi } from "vitest";
import { anonymous, callerAs, callerFor } from "../../../test/callers.ts";
import { createClient, errorOf } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { programOf } from "../../../test/programs.ts";
import type { ErrorData } from "../../contracts/errors.ts";
import { limits } from "../../contracts/limits.ts";
import { newId } from "../../platform/ids.ts";
import { formatSessionToken, newSessionToken } from "../auth/session/session-token.ts";

const home = () => createHomeDb(env.HOME).kysely;
const input = { name: "nightly export", scopes: ["chats:read" as const], expiresInDays: 30 };
const dayMs = 24 * 60 * 60 * 1000;

async function refusalOf(authorization: string, path = "/trpc/chats.list?input=%7B%7D") {
  const response = await anonymous().fetch(path, { headers: { authorization } });
  const { error } = await response.json<{ error: { message: string; data: ErrorData } }>();
  const { requestId: _, ...data } = error.data;
  return { status: response.status, message: error.message, ...data };
}

test("a token is shown once, and only its hash is kept", async () => {
  const owner = await callerFor("owner");
  const created = await owner.api.account.tokens.create.mutate(input);
  expect(created.token).toMatch(/^alleato_[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}$/);
  expect(created.expiresAt).toBe(created.createdAt + 30 * dayMs);
  const { items } = await owner.api.account.tokens.list.query();
  const { token, ...listed } = created;
  expect(items).toEqual([listed]);
  const row = await home()
    .selectFrom("apiTokens")
    .selectAll()
    .where("id", "=", created.id)
    .executeTakeFirstOrThrow();
  const [, secret = ""] = token.split(".");
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(row.secretHash).toMatch(/^[0-9a-f]{64}$/);
});

test("a scope that is named twice counts once, one that does not exist is INVALID", async () => {
  const owner = await callerFor("owner");
  const twice = { ...input, scopes: ["streams" as const, "streams" as const] };
  expect(await owner.api.account.tokens.create.mutate(twice)).toMatchObject({
    scopes: ["streams"],
  });
  const unknown = { ...input, scopes: ["admin" as "streams"] };
  expect(await errorOf(owner.api.account.tokens.create.mutate(unknown))).toMatchObject({
    errorCode: "INVALID",
  });
  for (const expiresInDays of [0, -1, 1.5, limits.tokenLifeMaxDays + 1]) {
    const call = owner.api.account.tokens.create.mutate({ ...input, expiresInDays });
    expect(await errorOf(call)).toMatchObject({ errorCode: "INVALID" });
  }
});

test("a user has so many tokens and no more, however quickly they are made; expired ones do not count", async () => {
  const owner = await callerFor("owner");
  const calls = Array.from({ length: limits.tokensPerUserMax + 3 }, () =>
    owner.api.account.tokens.create.mutate(input).catch((error: Error) => error.message),
  );
  const refusals = (await Promise.all(calls)).filter((result) => typeof result === "string");
  expect(refusals).toHaveLength(3);
  expect(refusals[0]).toContain("Revoke one to create another");
  await home()
    .updateTable("apiTokens")
    .set({ expiresAt: Date.now() - 1 })
    .where("userId", "=", owner.user.id)
    .execute();
  const fresh = await owner.api.account.tokens.create.mutate(input);
  const { items } = await owner.api.account.tokens.list.query();
  expect(items.map(({ id }) => id)).toEqual([fresh.id]);
});

test("a program is its user, with the rights of its scopes alone", async () => {
  const owner = await callerFor("owner");
  const reader = await programOf(owner, ["chats:read"]);
  const writer = await programOf(owner, ["chats:write"]);
  const streamer = await programOf(owner, ["streams"]);
  const chatId = newId();
  const message = { id: newId(), parts: [{ type: "text" as const, text: "hello" }] };
  expect(await errorOf(reader.api.messages.send.mutate({ chatId, message }))).toMatchObject({
    errorCode: "FORBIDDEN",
    message: "This API token lacks the scope chats:write.",
  });
  await writer.api.messages.send.mutate({ chatId, message });
  const { items } = await reader.api.chats.list.query({});
  expect(items.map(({ id }) => id)).toEqual([chatId]);
  for (const program of [writer, streamer]) {
    expect(await errorOf(program.api.chats.list.query({}))).toMatchObject({
      errorCode: "FORBIDDEN",
      message: "This API token lacks the scope chats:read.",
    });
  }
});

test("a program cannot make tokens, nor look at sessions, whatever its scopes", async () => {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["streams", "chats:read", "chats:write"]);
  const calls = [
    program.api.account.tokens.create.mutate(input),
    program.api.account.tokens.list.query(),
    program.api.account.tokens.revoke.mutate({ tokenId: program.tokenId }),
    program.api.auth.sessions.list.query(),
    program.api.auth.logOut.mutate(),
    program.api.auth.me.query(),
    program.api.auth.logIn.mutate({ email: "a@example.com", password: "correct horse" }),
  ];
  // All promises have a handler from the start, so that an early rejection is not unhandled.
  for (const error of await Promise.all(calls.map(errorOf))) {
    expect(error).toMatchObject({
      errorCode: "FORBIDDEN",
      message: "This can’t be done with an API token.",
    });
  }
});

describe("one and the same 401", () => {
  const expected = {
    status: 401,
    message: "This API token isn’t valid.",
    errorCode: "UNAUTHENTICATED",
    httpStatus: 401,
  };

  test("for garbage, a stranger's id, and the wrong secret of a token", async () => {
    const owner = await callerFor("owner");
    const { token } = await owner.api.account.tokens.create.mutate(input);
    const stranger = formatSessionToken(newSessionToken());
    const [head] = token.split(".");
    const [, otherSecret] = stranger.split(".");
    for (const text of [
      "",
      "x",
      "alleato_",
      `alleato_${stranger}`,
      stranger,
      `${head}.${otherSecret}`,
      `${token}x`,
      token.replace("alleato_", ""),
    ]) {
      expect(await refusalOf(`Bearer ${text}`)).toEqual(expected);
    }
    expect(await refusalOf("Bearer")).toEqual(expected);
  });

  test("for a token that was revoked", async () => {
    const owner = await callerFor("owner");
    const { token, id } = await owner.api.account.tokens.create.mutate(input);
    expect(await createClient({ token }).api.chats.list.query({})).toMatchObject({ items: [] });
    await owner.api.account.tokens.revoke.mutate({ tokenId: id });
    expect(await refusalOf(`Bearer ${token}`)).toEqual(expected);
  });

  test("for a token that has expired", async () => {
    const owner = await callerFor("owner");
    const { token, expiresAt } = await owner.api.account.tokens.create.mutate(input);
    const now = vi.spyOn(Date, "now");
    try {
      now.mockReturnValue((expiresAt ?? 0) - 1);
      expect(await createClient({ token }).api.chats.list.query({})).toMatchObject({ items: [] });
      now.mockReturnValue(expiresAt ?? 0);
      expect(await refusalOf(`Bearer ${token}`)).toEqual(expected);
    } finally {
      now.mockRestore();
    }
  });

  test("for a token of a user who was disabled", async () => {
    const user = await createUser();
    const { token } = await (await callerAs(user)).api.account.tokens.create.mutate(input);
    await home()
      .updateTable("users")
      .set({ disabledAt: Date.now() })
      .where("id", "=", user.id)
      .execute();
    expect(await refusalOf(`Bearer ${token}`)).toEqual(expected);
  });

  test("says how to authenticate", async () => {
    const response = await anonymous().fetch("/trpc/chats.list", {
      headers: { authorization: "Bearer x" },
    });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  });
});

test("with a token the cookie does not count, for better or worse", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const { token } = await programOf(other, ["chats:read"]);
  const chatId = newId();
  const message = { id: newId(), parts: [{ type: "text" as const, text: "hello" }] };
  await owner.api.messages.send.mutate({ chatId, message });
  const list = "/trpc/chats.list?input=%7B%7D";
  // The cookie's user has a chat, and the token's user has none.
  const both = await owner.fetch(list, { headers: { authorization: `bearer ${token}` } });
  expect(await both.json()).toEqual({ result: { data: { items: [], nextCursor: null } } });
  // A cookie does not make up for an invalid token.
  const bad = await owner.fetch(list, { headers: { authorization: "Bearer x" } });
  expect(bad.status).toBe(401);
  // Other `Authorization` schemes are ignored: the cookie counts, and so does the Origin check.
  const basic = { authorization: "Basic eDp5" };
  expect((await owner.fetch(list, { headers: basic })).status).toBe(200);
  const foreign = await owner.fetch("/trpc/chats.deleteAll", {
    method: "POST",
    headers: { ...basic, origin: "https://elsewhere.example" },
  });
  expect(foreign.status).toBe(403);
});

test("another site cannot use a cookie by sending a token beside it", async () => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/chats.deleteAll", {
    method: "POST",
    headers: { origin: "https://elsewhere.example", authorization: "Bearer x" },
  });
  expect(response.status).toBe(401);
});

test("when it was used is known to the hour, at the cost of one write an hour", async () => {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["chats:read"]);
  const lastUsedAt = async () =>
    (await owner.api.account.tokens.list.query()).items[0]?.lastUsedAt ?? null;
  expect(await lastUsedAt()).toBeNull();
  const start = Date.now();
  const now = vi.spyOn(Date, "now");
  try {
    for (const [minutes, expected] of [
      [0, 0],
      [59, 0],
      [60, 60],
      [61, 60],
    ] as const) {
      now.mockReturnValue(start + minutes * 60_000);
      await program.api.chats.list.query({});
      expect(await lastUsedAt()).toBe(start + expected * 60_000);
    }
  } finally {
    now.mockRestore();
  }
});
