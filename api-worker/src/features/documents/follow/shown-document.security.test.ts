/** Who can read the documents of a shared chat, and which of their versions. */
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor, strangers } from "../../../../test/callers.ts";
import { withDocument } from "../../../../test/carried-documents.ts";
import { errorOf, type TestClient } from "../../../../test/client.ts";
import {
  documentIn,
  documentTextIn,
  endlessDocument,
  writeQuestion,
} from "../../../../test/documents.ts";
import { fileOf, oneChat, oneMessage } from "../../../../test/import-files.ts";
import { countingText } from "../../../../test/scripted-model.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, readUntil } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const home = createHomeDb(env.HOME);

const kinds = Object.keys(strangers);

async function readerOf(kind: string): Promise<TestClient> {
  const reader = await strangers[kind]?.();
  if (!reader) throw new Error(kind);
  return reader;
}

const setVisibility = ({ api }: Caller, chatId: string, visibility: "public" | "private") =>
  api.chats.setVisibility.mutate({ chatId, visibility });

const getShown = ({ api }: TestClient, chatId: string, documentId: string, version: number) =>
  api.documents.getShown.query({ chatId, documentId, version });

/**
 * A public chat with a document of four versions: by the model, by its owner, by the model again, and
 * by its owner again.
 */
async function publicChat() {
  const owner = await callerFor("owner");
  const texts = { edited: "the model's edit", newest: "a private afterthought" };
  const { chatId, documentId, second } = await withDocument(owner, texts);
  await owner.api.documents.rename.mutate({ documentId, title: "A private title" });
  await setVisibility(owner, chatId, "public");
  return { owner, chatId, documentId, second };
}

test.each([...kinds, "owner"])(
  "%s reads what the messages of a public chat have made",
  async (kind) => {
    const { owner, chatId, documentId } = await publicChat();
    const reader = kind === "owner" ? owner : await readerOf(kind);
    expect(await getShown(reader, chatId, documentId, 1)).toEqual({
      ...{ kind: "text", language: null, status: "complete", content: countingText(300) },
    });
    expect((await getShown(reader, chatId, documentId, 3)).content).toBe("the model's edit");
  },
);

test.each(kinds)("%s reads nothing of it that no shown message has made", async (kind) => {
  const { owner, chatId, documentId, second } = await publicChat();
  const reader = await readerOf(kind);
  const absent = await errorOf(getShown(reader, chatId, newId(), 1));
  expect(absent).toMatchObject({ errorCode: "NOT_FOUND" });
  for (const version of [2, 4, 5]) {
    expect(await errorOf(getShown(reader, chatId, documentId, version))).toEqual(absent);
  }
  // Neither through another public chat, nor by the calls for its owner.
  const other = await publicChat();
  expect(await errorOf(getShown(reader, other.chatId, documentId, 1))).toEqual(absent);
  const get = await errorOf(reader.api.documents.get.query({ documentId }));
  expect(get.errorCode).toBe(kind === "anonymous" ? "UNAUTHENTICATED" : "NOT_FOUND");
  // What another branch has made is not shown.
  const { items } = await owner.api.messages.list.query({ chatId });
  const firstAnswer = items[1]?.id ?? null;
  const edited = await owner.api.messages.send.mutate({
    ...{ chatId, parentId: firstAnswer },
    message: { id: newId(), parts: [{ type: "text", text: "count to 1" }] },
  });
  await (await openStream(owner, edited)).rest();
  expect(await errorOf(getShown(reader, chatId, documentId, 3))).toEqual(absent);
  expect((await getShown(reader, chatId, documentId, 1)).kind).toBe("text");
  await owner.api.messages.selectBranch.mutate({ chatId, messageId: second.assistantMessageId });
  expect((await getShown(reader, chatId, documentId, 3)).content).toBe("the model's edit");
});

test("an imported message that names a private document opens no door to it", async () => {
  const { owner, documentId } = await publicChat();
  const { id: byHand } = await owner.api.documents.create.mutate({
    ...{ key: newId(), kind: "text", title: "A secret", content: "secret" },
  });
  const partOf = (id: string) => ({
    type: "data-document",
    ...{ id: "call", data: { documentId: id, kind: "text", title: "A secret", language: null } },
  });
  const parts = [byHand, documentId].map((id) => {
    const { data, ...part } = partOf(id);
    return {
      ...part,
      data: { ...data, action: "create", state: "complete", baseVersion: null, version: 1 },
    };
  });
  const message = oneMessage({ id: newId(), role: "assistant", parts });
  const chat = oneChat([message], { id: newId(), currentMessageId: message.id });
  const { imported } = await owner.api.chats.import.mutate({ data: fileOf(chat) });
  const chatId = imported[0]?.chatId ?? "";
  await setVisibility(owner, chatId, "public");
  for (const id of [byHand, documentId]) {
    expect((await errorOf(getShown(anonymous(), chatId, id, 1))).errorCode).toBe("NOT_FOUND");
  }
});

test.each(["private", "deleted", "all deleted", "owner disabled"])(
  "documents of a chat that is not public any more are gone at once: %s",
  async (how) => {
    const { owner, chatId, documentId } = await publicChat();
    const [reader, stranger] = [await callerFor("anotherUser"), anonymous()];
    for (const client of [reader, stranger]) await getShown(client, chatId, documentId, 1);
    if (how === "private") await setVisibility(owner, chatId, "private");
    else if (how === "deleted") await owner.api.chats.delete.mutate({ chatId });
    else if (how === "all deleted") await owner.api.chats.deleteAll.mutate();
    else {
      const disabled = { disabledAt: 1 };
      await home.kysely
        .updateTable("users")
        .set(disabled)
        .where("id", "=", owner.user.id)
        .execute();
    }
    for (const client of [reader, stranger]) {
      const refusal = await errorOf(getShown(client, chatId, documentId, 1));
      expect(refusal).toEqual(await errorOf(getShown(client, newId(), documentId, 1)));
      expect(refusal.errorCode).toBe(client === reader ? "NOT_FOUND" : "UNAUTHENTICATED");
    }
  },
);

test("a document that its owner deletes is gone for readers, and its chat stays", async () => {
  const { owner, chatId, documentId } = await publicChat();
  await owner.api.documents.delete.mutate({ documentId });
  expect((await errorOf(getShown(anonymous(), chatId, documentId, 1))).errorCode).toBe("NOT_FOUND");
  expect((await anonymous().api.messages.list.query({ chatId })).items).toHaveLength(4);
});

test("a reader sees a document grow, and opens its version when it is stopped", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 1");
  await first.stream.rest();
  const { chatId } = first;
  await setVisibility(owner, chatId, "public");
  const { stream, ...turn } = await ask(owner, endlessDocument, chatId);
  const reading = await openStream(anonymous(), { chatId, streamId: turn.streamId });
  const seen = await readUntil(reading, (events) => documentTextIn(chunksOf(events)).length >= 50);
  await owner.api.messages.stop.mutate(turn);
  const all = chunksOf([...seen, ...(await reading.rest())]);
  await stream.rest();
  const documentId = documentIn(all)?.documentId ?? "";
  await expect
    .poll(() => getShown(anonymous(), chatId, documentId, 1).catch(() => null))
    .toMatchObject({ status: "stopped", content: documentTextIn(all) });
});

test("a shared chat of a guest shows its documents also after they have moved to an account", async () => {
  const guest = await callerFor("guest");
  const { stream, chatId } = await ask(guest, writeQuestion({ length: 300, sizes: [7] }));
  const documentId = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  await setVisibility(guest, chatId, "public");
  const credentials = { email: `${newId()}@example.com`, password: "correct horse" };
  const account = await callerFor("anotherUser");
  await account.api.auth.logOut.mutate();
  await account.api.auth.signUp.mutate(credentials);
  await guest.api.auth.logIn.mutate(credentials);
  expect((await getShown(anonymous(), chatId, documentId, 1)).content).toBe(countingText(300));
});
