import { env } from "cloudflare:workers";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { z } from "zod";
import { takeErrors } from "../test/logs.ts";
import type { Context } from "./context.ts";
import { errorCodes } from "./contracts/errors.ts";
import { AppError, transportCodes } from "./errors.ts";
import { newId } from "./platform/ids.ts";
import { createLogger } from "./platform/log.ts";
import { procedure, router, toTrpcError } from "./trpc.ts";
import type { Viewer } from "./viewer.ts";

const requestId = newId();

const testRouter = router({
  fail: procedure.public.input(z.enum(errorCodes)).query(({ input }) => {
    throw new AppError(input, "A sentence for the user.", {
      detail: "for the log",
      cause: new Error("the cause inside"),
    });
  }),
  limited: procedure.public.query(() => {
    throw new AppError("RATE_LIMITED", "Wait.", { retryAfterSeconds: 7 });
  }),
  explode: procedure.public.query(() => {
    throw new Error("the inside");
  }),
  badOutput: procedure.public
    .output(z.object({ id: z.string() }))
    .query(() => ({ id: "x", passwordHash: "secret" })),
  wrongOutput: procedure.public.output(z.string()).query(() => 5 as unknown as string),
  nested: procedure.public
    .input(z.object({ message: z.object({ parts: z.array(z.string().min(2, "Longer.")) }) }))
    .query(() => null),
  user: procedure.user.query(({ ctx }) => ctx.viewer.userId),
  account: procedure.account.query(({ ctx }) => ctx.viewer.userId),
  admin: procedure.admin.query(({ ctx }) => ctx.viewer.userId),
});

function contextOf(viewer: Viewer | null): Context {
  return {
    env,
    home: createHomeDb(env.HOME),
    viewer,
    identifiedAt: 0,
    confirmCredential: async () => null,
    log: createLogger({ requestId }),
    resHeaders: new Headers(),
    request: {
      id: requestId,
      url: new URL("https://app.test/"),
      address: "10.0.0.1",
      userAgent: null,
      acceptsLines: false,
      contentType: null,
      contentLength: null,
      browserSecret: null,
      signal: new AbortController().signal,
    },
  };
}

async function get(path: string, input?: unknown, viewer: Viewer | null = null) {
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: new Request(`https://app.test/trpc/${path}${query}`),
    router: testRouter,
    createContext: () => contextOf(viewer),
  });
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
}

test.each(errorCodes)(
  "%s goes out with its status, its sentence, and nothing of the inside",
  async (code) => {
    const { status, body } = await get("fail", code);
    const { httpStatus } = transportCodes[code];
    expect(status).toBe(httpStatus);
    expect(body).toMatchObject({
      error: {
        message: "A sentence for the user.",
        data: { errorCode: code, httpStatus, requestId },
      },
    });
    expect(JSON.stringify(body)).not.toMatch(/inside|for the log|stack/);
    expect(takeErrors()).toHaveLength(httpStatus >= 500 ? 1 : 0);
  },
);

test.each(errorCodes)("tRPC gives %s the status that the map says", (code) => {
  expect(getHTTPStatusCodeFromError(toTrpcError(new AppError(code, "")))).toBe(
    transportCodes[code].httpStatus,
  );
});

test("seconds until another try go along", async () => {
  const { body } = await get("limited");
  expect(body).toMatchObject({ error: { data: { retryAfterSeconds: 7 } } });
});

test.each(["explode", "wrongOutput"])(
  "an unknown failure (%s) says nothing of the inside",
  async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(500);
    expect(body).toMatchObject({
      error: {
        message: "Something went wrong. Try again.",
        data: { errorCode: "INTERNAL", httpStatus: 500, requestId },
      },
    });
    const [logged] = takeErrors();
    expect(logged).toMatchObject({ event: "trpc.call", procedure: path, requestId, status: 500 });
    expect(logged?.error).toContain(path === "explode" ? "the inside" : "Output validation failed");
  },
);

test("an output has no field that its schema does not name", async () => {
  expect((await get("badOutput")).body).toEqual({ result: { data: { id: "x" } } });
});

test("what is wrong with an input is said by its path", async () => {
  const { body } = await get("nested", { message: { parts: ["ok", "x"] } });
  expect(body).toMatchObject({
    error: {
      message: "Longer.",
      data: { errorCode: "INVALID", fields: { "message.parts.1": "Longer." } },
    },
  });
});

const account: Viewer = {
  userId: "ada",
  email: "ada@example.com",
  name: null,
  role: "user",
  isGuest: false,
  contentShard: 0,
  sessionId: "s",
  credential: "session:s",
  scopes: null,
  hasCarriedChats: false,
  storedLimits: {},
  storedSettings: {},
};
const guest: Viewer = { ...account, userId: "guest", email: null, isGuest: true };
const admin: Viewer = { ...account, userId: "root", role: "admin" };

test.each([
  { name: "user", anonymous: 401, guest: 200, account: 200, admin: 200 },
  { name: "account", anonymous: 401, guest: 403, account: 200, admin: 200 },
  { name: "admin", anonymous: 401, guest: 403, account: 403, admin: 200 },
])("a procedure for $name lets in who it should", async ({ name, ...expected }) => {
  const statusFor = async (viewer: Viewer | null) => (await get(name, undefined, viewer)).status;
  expect({
    anonymous: await statusFor(null),
    guest: await statusFor(guest),
    account: await statusFor(account),
    admin: await statusFor(admin),
  }).toEqual(expected);
});

test("content that cannot be reached is an error of ours, not an empty list", async () => {
  const { status, body } = await get("user", undefined, { ...account, contentShard: 9 });
  expect(status).toBe(500);
  expect(body).toMatchObject({ error: { message: "Your chats can’t be reached right now." } });
  expect(takeErrors()[0]?.detail).toBe("binding CONTENT_9 is missing");
});
