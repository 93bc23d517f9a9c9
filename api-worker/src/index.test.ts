import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { anonymous, callerFor } from "../test/callers.ts";
import { takeErrors, takeInfos } from "../test/logs.ts";
import type { ErrorData } from "./contracts/errors.ts";

interface ErrorBody {
  readonly error: { readonly message: string; readonly data: ErrorData };
}

const home = env.HOME;
afterEach(() => {
  env.HOME = home;
});

test("an address that is not there answers 404 with a request id", async () => {
  const response = await exports.default.fetch("https://app.test/nowhere");
  expect(response.status).toBe(404);
  const { error } = await response.json<ErrorBody>();
  expect(error.data.errorCode).toBe("NOT_FOUND");
  expect(response.headers.get("x-request-id")).toBe(error.data.requestId);
});

test("a procedure that is not there answers 404 with a request id", async () => {
  const response = await anonymous().fetch("/trpc/chats.explode");
  expect(response.status).toBe(404);
  const { error } = await response.json<ErrorBody>();
  expect(error.data).toEqual({
    errorCode: "NOT_FOUND",
    httpStatus: 404,
    requestId: response.headers.get("x-request-id"),
  });
});

test("a request without a login is anonymous, and its response is not cached", async () => {
  const response = await anonymous().fetch("/trpc/chats.list?input=%7B%7D");
  expect(response.status).toBe(401);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toMatchObject({
    error: { data: { errorCode: "UNAUTHENTICATED" } },
  });
});

test("a call is one line of the log, with what it takes to find it", async () => {
  const owner = await callerFor("owner");
  takeInfos();
  const response = await owner.fetch("/trpc/auth.me");
  expect(takeInfos()).toEqual([
    {
      level: "info",
      event: "trpc.call",
      requestId: response.headers.get("x-request-id"),
      userId: owner.user.id,
      sessionId: owner.cookies.get("__Host-session")?.split(".")[0],
      procedure: "auth.me",
      type: "query",
      status: 200,
      durationMs: expect.any(Number),
      text: expect.any(String),
    },
  ]);
});

test("passwords, e-mail addresses and sessions stay out of the log", async () => {
  const client = anonymous();
  const credentials = { email: "log.test@example.com", password: "correct horse" };
  await client.api.auth.signUp.mutate(credentials);
  const [, secret = ""] = (client.cookies.get("__Host-session") ?? "").split(".");
  await client.api.auth.me.query();
  await expect(
    client.api.auth.logIn.mutate({ ...credentials, password: "wrong horse" }),
  ).rejects.toThrow();
  const log = takeInfos()
    .map(({ text }) => text)
    .join("\n");
  expect(log).toContain("auth.logIn");
  for (const private_ of [credentials.email, "horse", secret]) expect(log).not.toContain(private_);
});

test("a database that fails is a 500 that says nothing of the inside, and is in the log", async () => {
  const owner = await callerFor("owner");
  // Fails like the binding when D1 is unreachable.
  const prepare = () => {
    throw new Error("D1_ERROR: secret inside");
  };
  env.HOME = { prepare, batch: prepare } as unknown as D1Database;
  const response = await owner.fetch("/trpc/auth.me");
  expect(response.status).toBe(500);
  const requestId = response.headers.get("x-request-id");
  const { error } = await response.json<ErrorBody>();
  expect(error.data).toEqual({ errorCode: "INTERNAL", httpStatus: 500, requestId });
  expect(error.message).toBe("Something went wrong. Try again.");
  expect(takeErrors()).toEqual([
    expect.objectContaining({ requestId, error: expect.stringContaining("secret inside") }),
  ]);
});

test("a body that is too long is refused before it is read", async () => {
  const response = await anonymous().fetch("/trpc/auth.logIn", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "x".repeat(2_000_001) }),
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { data: { errorCode: "TOO_LARGE" } } });
});

test.each([
  ["no JSON", "{"],
  ["the wrong shape", '{"email":5}'],
  ["nothing", ""],
])("a body that is %s is INVALID", async (_, body) => {
  const response = await anonymous().fetch("/trpc/auth.logIn", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { data: { errorCode: "INVALID" } } });
});
