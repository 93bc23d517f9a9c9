import { expect, test, vi } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage } from "../../../../test/factories.ts";
import { silentQuestion } from "../../../../test/open-things.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

test("answers in progress are listed with their chunks and readers, until one is stopped", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const { chatId, streamId, stream } = await ask(owner, silentQuestion);
  await stream.next();
  const second = await openStream(owner, { chatId, streamId });
  await second.next();
  const { live, stop } = admin.api.admin.streams;
  const find = async () =>
    (await live.query()).streams.filter((one) => one.owner.id === owner.user.id);
  // A reader stays connected from its second read on.
  const [rest, secondRest] = [stream.rest(), second.rest()];
  const hasReaders = (readers: number) =>
    vi.waitFor(async () => expect((await find())[0]?.state).toMatchObject({ readers }), {
      timeout: 20_000,
      interval: 100,
    });
  await hasReaders(2);
  const [found, ...others] = await find();
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    owner: { email: owner.user.email },
    ...{ chatId, streamId, modelId: expect.any(String), startedAt: expect.any(Number) },
    state: { kind: "live", chunks: expect.any(Number) },
  });
  if (found?.state.kind === "live") expect(found.state.chunks).toBeGreaterThan(0);
  const userId = owner.user.id;
  expect(await stop.mutate({ userId, chatId, streamId, reason: "Too long" })).toEqual({
    status: "stopped",
  });
  await Promise.all([rest, secondRest]);
  expect(await find()).toEqual([]);
  const { items } = await admin.api.admin.audit.list.query({ about: userId });
  expect(items).toMatchObject([
    { action: "stream.stop", targetType: "stream", targetId: streamId, reason: "Too long" },
  ]);
  // Stopping again changes nothing.
  expect(await stop.mutate({ userId, chatId, streamId })).toEqual({ status: "stopped" });
  const unknown = stop.mutate({ userId, chatId: newId(), streamId });
  expect((await errorOf(unknown)).errorCode).toBe("NOT_FOUND");
});

test("answers that failed or were interrupted are listed page by page, with the reason", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const chat = await createChat(owner.user);
  const end = (finishedAt: number, status: "failed" | "interrupted" | "complete") =>
    createMessage(owner.user, chat, {
      ...{ role: "assistant", status, finishedAt, modelId: "model-x" },
      errorCode: status === "failed" ? "UPSTREAM_FAILED" : null,
    });
  const at = 9_000_000_000_000;
  const first = await end(at, "failed");
  await end(at + 1, "complete");
  const second = await end(at + 2, "interrupted");
  const { ended } = admin.api.admin.streams;
  const { items: newest, nextCursor } = await ended.query({ limit: 1 });
  const { items: older } = await ended.query({ limit: 1, cursor: nextCursor });
  const answer = {
    owner: { id: owner.user.id, email: owner.user.email, name: null },
    ...{ chatId: chat.id, modelId: "model-x" },
  };
  expect([...newest, ...older]).toEqual([
    {
      ...answer,
      ...{ messageId: second.id, status: "interrupted", errorCode: null },
      finishedAt: at + 2,
    },
    {
      ...answer,
      ...{ messageId: first.id, status: "failed", errorCode: "UPSTREAM_FAILED" },
      finishedAt: at,
    },
  ]);
});
