import { env } from "cloudflare:workers";
import { createHomeDb, type UserRow } from "db";
import { expect, test } from "vitest";
import { callerAs, callerFor } from "../test/callers.ts";
import { createChat, createMessage, createUser } from "../test/factories.ts";
import { ask, endlessQuestion } from "../test/turns.ts";
import { deleteChat } from "./features/chats/deletion/delete-chats.ts";
import { listChats } from "./features/chats/list-chats.ts";
import { renameChat } from "./features/chats/update-chat.ts";
import { listOwnMessages } from "./features/messages/list-messages.ts";
import { stopTurn } from "./features/messages/stop-turn.ts";
import { exportChats } from "./features/transfer/export/export-chats.ts";
import { ownerContext } from "./owner-context.ts";
import { newId } from "./platform/ids.ts";
import { createLogger } from "./platform/log.ts";

/** What the cron and administrators start from: a user, without a request of that user. */
function ownerOfRow({ id, contentShard }: UserRow) {
  const log = createLogger();
  return ownerContext({ env, home: createHomeDb(env.HOME), log }, { userId: id, contentShard });
}

test("an owner's chat is read, stopped, renamed, exported and deleted without the owner's request", async () => {
  const caller = await callerFor("owner");
  const owner = ownerOfRow(caller.user);
  const { chatId, streamId, stream } = await ask(caller, endlessQuestion);
  await stream.next();
  expect(await stopTurn(owner, { chatId, streamId })).toEqual({ status: "stopped" });
  expect(await renameChat(owner, { chatId, title: "Renamed" })).toMatchObject({ title: "Renamed" });
  expect(await caller.api.chats.get.query({ chatId })).toMatchObject({ title: "Renamed" });
  const page = await listOwnMessages(owner, { chatId, limit: 10 });
  expect(page).toEqual(await caller.api.messages.list.query({ chatId, limit: 10 }));
  expect(page?.items.map(({ role, status }) => [role, status])).toEqual([
    ["user", "complete"],
    ["assistant", "stopped"],
  ]);
  const { text } = await exportChats(owner, { chatId, format: "json" });
  expect(JSON.parse(text).chats).toEqual([expect.objectContaining({ id: chatId })]);
  expect(await deleteChat(owner, { chatId })).toBe(true);
  expect((await caller.api.chats.list.query({})).items).toEqual([]);
});

test("an owner's chats lie in the owner's content database", async () => {
  const user = await createUser({ contentShard: 1 });
  const chat = await createChat(user);
  await createMessage(user, chat);
  const owner = ownerOfRow(user);
  expect((await listChats(owner, { limit: 10 })).items.map(({ id }) => id)).toEqual([chat.id]);
  expect((await listOwnMessages(owner, { chatId: chat.id, limit: 10 }))?.items).toHaveLength(1);
  const caller = await callerAs(user);
  expect((await caller.api.chats.list.query({})).items.map(({ id }) => id)).toEqual([chat.id]);
});

test("for an owner the chats of others do not exist, public ones included", async () => {
  const stranger = await createUser();
  const { id: chatId } = await createChat(stranger, { visibility: "public" });
  const owner = ownerOfRow(await createUser());
  expect(await renameChat(owner, { chatId, title: "Mine" })).toBeUndefined();
  expect(await listOwnMessages(owner, { chatId, limit: 10 })).toBeUndefined();
  expect(await deleteChat(owner, { chatId })).toBe(false);
  await expect(stopTurn(owner, { chatId, streamId: newId() })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(exportChats(owner, { chatId, format: "json" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});
