/** Checks that each content table is treated as the registry says. */
import { env } from "cloudflare:workers";
import { contentTables, createHomeDb, type UserRow } from "db";
import { expect, test } from "vitest";
import { callerAs } from "../test/callers.ts";
import {
  countRows,
  fillContent,
  noStorageLimits,
  type TableName,
  tableNames,
} from "../test/content.ts";
import { runCron } from "../test/cron.ts";
import { createChat, createUser } from "../test/factories.ts";
import { newStream } from "../test/streams.ts";
import { moveContent } from "./features/carry/move-content.ts";
import { deleteContent } from "./features/deletion/delete-content.ts";
import { objectKey } from "./features/uploads/object-keys.ts";
import { ownerContext } from "./owner-context.ts";
import { contentFor } from "./platform/content.ts";
import { createLogger } from "./platform/log.ts";
import { settingsOf } from "./platform/settings.ts";

const home = createHomeDb(env.HOME);
const ownerOfRow = ({ id, contentShard }: UserRow) =>
  ownerContext({ env, home, log: createLogger() }, { userId: id, contentShard });
const newGuest = (fields: Partial<UserRow> = {}) => createUser({ email: null, ...fields });

/** Rows in some tables of the registry, and none in the others. */
const rowsIn = (counts: Record<TableName, number>, isIn: (table: TableName) => boolean) =>
  Object.fromEntries(tableNames.map((table) => [table, isIn(table) ? counts[table] : 0]));

test("the content that these tests make has rows in every table", async () => {
  const owner = await createUser();
  await fillContent(owner);
  for (const [table, count] of Object.entries(await countRows(owner))) {
    expect(count, table).toBeGreaterThan(0);
  }
});

test("all that a guest has is the account's after the move, in every table", async () => {
  const [guest, account] = [await newGuest(), await createUser()];
  await fillContent(guest);
  const before = await countRows(guest);
  await moveContent(contentFor(env, guest), guest.id, account.id, noStorageLimits);
  const isLeft = (table: TableName) => contentTables[table].carry === "none";
  expect(await countRows(guest)).toEqual(rowsIn(before, isLeft));
  expect(await countRows(account)).toEqual(rowsIn(before, (table) => !isLeft(table)));
});

test("what the account has too is merged, and keeps its rows in every other table", async () => {
  const [guest, account] = [await newGuest(), await createUser()];
  for (const owner of [guest, account]) await fillContent(owner);
  const before = await countRows(guest);
  await moveContent(contentFor(env, guest), guest.id, account.id, noStorageLimits);
  const after = await countRows(account);
  for (const table of tableNames) {
    const { carry } = contentTables[table];
    const isOnce = carry === "merge" || carry === "none";
    expect(after[table], table).toBe(before[table] * (isOnce ? 1 : 2));
  }
});

test("a chat whose id is taken moves under a new one, with all that refers to it", async () => {
  const [guest, account] = [await newGuest(), await createUser()];
  const { chatId, uploadId, answerId } = await fillContent(guest);
  await createChat(account, { id: chatId });
  const content = contentFor(env, guest);
  const [newChatId = ""] = await moveContent(content, guest.id, account.id, noStorageLimits);
  expect(newChatId).not.toBe(chatId);
  const read = async (table: TableName) =>
    content.kysely.selectFrom(table).selectAll().where("userId", "=", account.id).execute();
  const messages = (await read("messages")) as { id: string; chatId: string; parentId: string }[];
  expect(messages.map((message) => message.chatId)).toEqual([newChatId, newChatId]);
  const [question, answer] = messages;
  expect(answer).toMatchObject({ parentId: question?.id });
  expect(answer?.id).not.toBe(answerId);
  const chats = await read("chats");
  expect(chats).toContainEqual(
    expect.objectContaining({
      id: newChatId,
      currentMessageId: answer?.id,
      objectName: `${guest.id}/${chatId}`,
    }),
  );
  expect(await read("votes")).toMatchObject([{ messageId: answer?.id }]);
  expect(await read("uploads")).toMatchObject([{ id: uploadId, chatId: newChatId }]);
  expect(await read("messageFiles")).toMatchObject([
    { uploadId, messageId: question?.id, chatId: newChatId },
  ]);
  const { results: broken } = await env.CONTENT_0.prepare("PRAGMA foreign_key_check").all();
  expect(broken).toEqual([]);
});

test("a file that waits in a moved chat's draft does not go with the account's chat of that id", async () => {
  const [guest, account] = [await newGuest(), await createUser()];
  const { chatId, uploadId } = await fillContent(guest);
  const content = contentFor(env, guest);
  // The state before the message was sent.
  await content.kysely.deleteFrom("messages").where("userId", "=", guest.id).execute();
  await content.kysely
    .updateTable("uploads")
    .set({ state: "ready", draftedAt: Date.now() })
    .where("id", "=", uploadId)
    .execute();
  await createChat(account, { id: chatId });
  await moveContent(content, guest.id, account.id, noStorageLimits);
  const caller = await callerAs(account);
  await caller.api.chats.delete.mutate({ chatId });
  expect((await caller.fetch(`/files/${uploadId}`)).status).toBe(200);
});

test("an owner's content is deleted from every table, with files and streams, and no one else's", async () => {
  const { owner, put, head } = await newStream();
  await put("text");
  const other = await createUser();
  const { uploadId } = await fillContent(owner.user);
  await fillContent(other);
  const others = await countRows(other);
  expect((await head()).status).toBe(200);
  await deleteContent(ownerOfRow(owner.user));
  expect(await countRows(owner.user)).toEqual(rowsIn(others, () => false));
  expect(await countRows(other)).toEqual(others);
  expect((await head()).status).toBe(404);
  expect(await env.FILES.head(objectKey(uploadId))).toBeNull();
  // Deleting again is not an error.
  await deleteContent(ownerOfRow(owner.user));
});

test("the cron deletes an unused guest from every table", async () => {
  const guest = await newGuest({ createdAt: Date.now() - settingsOf(env).kept.guestMs - 60_000 });
  await fillContent(guest);
  const before = await countRows(guest);
  await runCron();
  expect(await countRows(guest)).toEqual(rowsIn(before, () => false));
});

test("a fork has copies in the tables that the registry names, and in no others", async () => {
  const [author, reader] = [await createUser(), await createUser()];
  const { chatId } = await fillContent(author);
  await (await callerAs(author)).api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  await (await callerAs(reader)).api.chats.fork.mutate({ chatId });
  // The search objects may have taken over the changes already.
  const before = { ...(await countRows(author)), searchChanges: 0 };
  expect({ ...(await countRows(reader)), searchChanges: 0 }).toEqual(
    rowsIn(before, (table) => contentTables[table].fork !== "none"),
  );
});

test("a file brings rows into the tables that the registry names, and into no others", async () => {
  const owner = await createUser();
  const { chatId } = await fillContent(owner);
  const { api } = await callerAs(owner);
  const before = await countRows(owner);
  const { text } = await api.chats.export.query({ chatId, format: "json" });
  await api.chats.import.mutate({ data: JSON.parse(text) });
  const after = await countRows(owner);
  // The search object may have taken over the changes already.
  for (const table of tableNames.filter((name) => name !== "searchChanges")) {
    const isCopied = contentTables[table].file !== "none";
    expect(after[table], table).toBe(before[table] * (isCopied ? 2 : 1));
  }
});
