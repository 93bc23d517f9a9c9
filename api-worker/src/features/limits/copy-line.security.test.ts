/** Attacks on the line through which a user's imports and forks pass. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { limits } from "../../contracts/limits.ts";
import { newId } from "../../platform/ids.ts";
import { openUserSocket } from "../../platform/user-object.ts";

const credential = "session:test";

async function enter(userId: string, bytes = 0) {
  const response = await openUserSocket(env, userId, "copy", credential, bytes);
  response.webSocket?.accept();
  return response;
}

/** Resolves with "waiting" when a call has no result yet. */
const soon = <T>(call: Promise<T>) =>
  Promise.race([call, new Promise<"waiting">((done) => setTimeout(() => done("waiting"), 300))]);

test("one copy of a user runs at a time, the next when it has ended or died", async () => {
  const userId = newId();
  const first = await enter(userId);
  expect(first.status).toBe(101);
  const second = enter(userId);
  const third = enter(userId);
  expect(await soon(second)).toBe("waiting");
  // Another user is not affected.
  expect((await enter(newId())).status).toBe(101);
  first.webSocket?.close(1000);
  expect((await second).status).toBe(101);
  expect(await soon(third)).toBe("waiting");
  (await second).webSocket?.close(1000);
  expect((await third).status).toBe(101);
});

test("only so many copies wait", async () => {
  const userId = newId();
  const first = await enter(userId);
  const waiting = Array.from({ length: 4 }, () => enter(userId));
  expect(await soon(Promise.race(waiting))).toBe("waiting");
  expect((await enter(userId)).status).toBe(409);
  first.webSocket?.close(1000);
  for (const next of waiting) {
    const response = await next;
    expect(response.status).toBe(101);
    response.webSocket?.close(1000);
  }
});

test("a user copies so many bytes a minute, and is told when to go on", async () => {
  const userId = newId();
  const half = limits.copyBytesPerMinute / 2;
  for (const status of [101, 101, 429]) {
    const response = await enter(userId, half);
    expect(response.status).toBe(status);
    response.webSocket?.close(1000);
    if (status === 429) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(25);
  }
  // A refused copy leaves the place to the next one.
  const small = await enter(userId, 0);
  expect(small.status).toBe(101);
});

test("imports and forks count their bytes, whatever their requests say", async () => {
  const owner = await callerFor("owner");
  const text = "x".repeat(900_000);
  const data = fileOf(oneChat([oneMessage({ parts: [{ type: "text", text }] })]));
  await enter(owner.user.id, limits.copyBytesPerMinute - 1_000_000).then(({ webSocket }) =>
    webSocket?.close(1000),
  );
  const { imported } = await owner.api.chats.import.mutate({ data });
  expect(imported).toHaveLength(1);
  const refused = { errorCode: "RATE_LIMITED", httpStatus: 429 };
  const error = await errorOf(owner.api.chats.import.mutate({ data }));
  expect(error).toMatchObject({ ...refused, retryAfterSeconds: expect.any(Number) });
  const chat = await createChat(owner.user);
  await createMessage(owner.user, chat, { text });
  expect(await errorOf(owner.api.chats.fork.mutate({ chatId: chat.id }))).toMatchObject(refused);
});

test("an import that finds the line full is refused, and imports nothing", async () => {
  const owner = await callerFor("owner");
  const { id } = owner.user;
  const first = await enter(id);
  const waiting = Array.from({ length: 4 }, () => enter(id));
  expect(await soon(Promise.race(waiting))).toBe("waiting");
  const data = fileOf(oneChat([oneMessage()]));
  const error = await errorOf(owner.api.chats.import.mutate({ data }));
  expect(error).toMatchObject({ errorCode: "CONFLICT" });
  expect((await owner.api.chats.list.query({})).items).toEqual([]);
  first.webSocket?.close(1000);
  for (const next of waiting) (await next).webSocket?.close(1000);
  expect((await owner.api.chats.import.mutate({ data })).imported).toHaveLength(1);
});
