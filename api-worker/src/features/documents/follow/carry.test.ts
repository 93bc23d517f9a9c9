/** A guest's documents move to the account, also while the model writes one. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { crash } from "../../../../test/chat-objects.ts";
import { createClient, errorOf } from "../../../../test/client.ts";
import {
  callScript,
  documentIn,
  documentTextIn,
  endlessDocument,
  readDocument,
  storedParts,
  writeQuestion,
} from "../../../../test/documents.ts";
import { scriptText } from "../../../../test/scripted-model.ts";
import { recount, storageUse } from "../../../../test/storage-use.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, readUntil } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const password = "correct horse";

async function newAccount() {
  const client = createClient();
  const email = `${newId()}@example.com`;
  const { id } = await client.api.auth.signUp.mutate({ email, password });
  return {
    caller: Object.assign(client, { user: { id } }) as Caller,
    credentials: { email, password },
  };
}

const logIn = (guest: Caller, credentials: { email: string; password: string }) =>
  guest.api.auth.logIn.mutate(credentials);

/** A question of a guest in the middle of whose document a reader is. */
async function writing(guest: Caller, question = endlessDocument, chatId?: string) {
  const { stream, ...turn } = await ask(guest, question, chatId);
  const seen = await readUntil(stream, (events) => documentTextIn(chunksOf(events)).length >= 50);
  await stream.cancel();
  return { turn, documentId: documentIn(chunksOf(seen))?.documentId ?? "" };
}

/** The documents of an owner, and the bytes that count for them. */
async function documentsOf({ api }: Caller) {
  const { items } = await api.documents.list.query({});
  return items.map(({ id }) => id).sort();
}

test("documents and all their versions move with a guest's chats, and so does what they weigh", async () => {
  const { caller: account, credentials } = await newAccount();
  const guest = await callerFor("guest");
  const made = await guest.api.documents.create.mutate({
    ...{ key: newId(), kind: "text", title: "By hand", content: "One" },
  });
  const save = { documentId: made.id, content: "Two", baseVersion: 1, saveId: newId() };
  await guest.api.documents.save.mutate(save);
  const { stream, chatId } = await ask(guest, writeQuestion({ length: 300, sizes: [7] }));
  const written = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  await guest.api.documents.save.mutate({ ...save, documentId: written, saveId: newId() });

  await logIn(guest, credentials);
  expect(await documentsOf(account)).toEqual([made.id, written].sort());
  for (const id of [made.id, written]) {
    const { items } = await account.api.documents.versions.query({ documentId: id });
    expect(items.map(({ number }) => number)).toEqual([2, 1]);
  }
  expect((await readDocument(account, made.id, 1)).content).toBe("One");
  expect((await readDocument(account, written)).document.chatId).toBe(chatId);
  expect(await storageUse(account.user.id)).toEqual(await recount(account.user.id));
  expect((await recount(guest.user.id)).textBytes).toBe(0);
  // The account goes on with the document that the guest has begun.
  const edit = callScript("editDocument", {
    documentId: written,
    edits: [{ find: "Two", replace: "Three" }],
  });
  await (await ask(account, edit, chatId)).stream.rest();
  expect((await readDocument(account, written)).content).toBe("Three");
});

test.each(["stopped", "complete", "interrupted"] as const)(
  "a document that the model is writing as its guest logs in ends with the account: %s",
  async (end) => {
    const { caller: account, credentials } = await newAccount();
    const guest = await callerFor("guest");
    const script = { length: 2_000, sizes: [9], pausesMs: [4] };
    const question = end === "complete" ? writeQuestion(script) : endlessDocument;
    const { turn, documentId } = await writing(guest, question);
    await logIn(guest, credentials);
    if (end === "stopped") await account.api.messages.stop.mutate(turn);
    if (end === "interrupted") await crash(guest, turn.chatId);
    const events = await (await openStream(account, turn)).rest();
    expect(endOf(chunksOf(events))).toMatchObject({ status: end });
    const shown = documentTextIn(chunksOf(events));
    await expect.poll(() => documentsOf(account)).toEqual([documentId]);
    const { document, version, content } = await readDocument(account, documentId);
    expect(document.chatId).toBe(turn.chatId);
    expect(version).toMatchObject({ number: 1, author: "model", status: end });
    expect(version.messageId).toBe(turn.assistantMessageId);
    expect(content).toBe(shown);
    const part = (await storedParts(account, turn)).find(({ type }) => type === "data-document");
    expect(part?.data).toMatchObject({ documentId, state: end, version: 1 });
    expect(await recount(account.user.id)).toEqual(await storageUse(account.user.id));
    expect((await recount(guest.user.id)).textBytes).toBe(0);
  },
);

test("a rewrite in progress becomes a version of the account, beside what the account saves meanwhile", async () => {
  const { caller: account, credentials } = await newAccount();
  const guest = await callerFor("guest");
  const first = await ask(guest, writeQuestion({ length: 300, sizes: [7] }));
  const documentId = documentIn(chunksOf(await first.stream.rest()))?.documentId ?? "";
  const instructions = scriptText({ length: 1_000_000, sizes: [5], pausesMs: [5] });
  const rewrite = callScript("updateDocument", { documentId, instructions });
  const { turn } = await writing(guest, rewrite, first.chatId);
  await logIn(guest, credentials);
  const save = { documentId, content: "Meanwhile", baseVersion: 1, saveId: newId() };
  await account.api.documents.save.mutate(save);
  await account.api.messages.stop.mutate(turn);
  await expect
    .poll(async () => (await account.api.documents.versions.query({ documentId })).items)
    .toMatchObject([
      { author: "model", status: "stopped", madeFrom: 1 },
      { author: "person" },
      { author: "model" },
    ]);
  expect((await errorOf(readDocument(guest, newId()))).errorCode).toBe("NOT_FOUND");
});

test("a message that gets a new id in mid-write is the one that its version names", async () => {
  const { caller: account, credentials } = await newAccount();
  const guest = await callerFor("guest");
  const { turn, documentId } = await writing(guest);
  // The account has the same chat, as after the import of one file by both.
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare(
      "INSERT INTO chats (userId, id, title, createdAt, updatedAt) VALUES (?, ?, 'Taken', 1, 1)",
    ).bind(account.user.id, turn.chatId),
  ]);
  await logIn(guest, credentials);
  const { items } = await account.api.chats.list.query({});
  const moved = items.find(({ title }) => title !== "Taken")?.id ?? "";
  expect(moved).not.toBe(turn.chatId);
  await account.api.messages.stop.mutate({ chatId: moved, streamId: turn.streamId });
  await expect.poll(() => documentsOf(account)).toEqual([documentId]);
  const { document, version } = await readDocument(account, documentId);
  const messages = await account.api.messages.list.query({ chatId: moved });
  expect(document.chatId).toBe(moved);
  expect(messages.items.map(({ id }) => id)).toContain(version.messageId);
  expect(version.messageId).not.toBe(turn.assistantMessageId);
});
