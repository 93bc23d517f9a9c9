/** Documents go along with a chat that is copied, exported and imported. */
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import {
  exportOf,
  importAnswer,
  oneDocument,
  onePart,
  oneVersion,
  withDocument,
} from "../../../../test/carried-documents.ts";
import { errorOf } from "../../../../test/client.ts";
import { callScript, readDocument } from "../../../../test/documents.ts";
import { createLimit } from "../../../../test/factories.ts";
import { recount, storageUse } from "../../../../test/storage-use.ts";
import { ask } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { usedBytesOf } from "../../limits/storage.ts";

const documentsIn = async ({ api }: Caller, chatId: string) =>
  (await api.documents.list.query({ chatId })).items;

const versionsOf = async ({ api }: Caller, documentId: string) =>
  (await api.documents.versions.query({ documentId })).items.reverse();

const contentsOf = async (owner: Caller, documentId: string) =>
  Promise.all(
    (await versionsOf(owner, documentId)).map(
      async ({ version }) => (await readDocument(owner, documentId, version)).content,
    ),
  );

/** The documents that the messages of a chat name, with their versions. */
async function namedIn({ api }: Caller, chatId: string) {
  const { items } = await api.messages.list.query({ chatId });
  return items
    .flatMap(({ parts }) => parts)
    .filter(({ type }) => type === "data-document")
    .map(({ data }) => data as { documentId: string; version: number | null; state: string });
}

test("a copy of one's own chat has its documents, with what was written by hand", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await withDocument(owner);
  const copy = await owner.api.chats.fork.mutate({ chatId });
  const [document] = await documentsIn(owner, copy.id);
  const copyId = document?.id ?? "";
  expect(copyId).not.toBe(documentId);
  expect(await contentsOf(owner, copyId)).toEqual(await contentsOf(owner, documentId));
  const named = await namedIn(owner, copy.id);
  expect(named.map((part) => [part.documentId, part.version])).toEqual([
    [copyId, 1],
    [copyId, 3],
  ]);
  // The messages of the copy have made its versions.
  const ids = (await owner.api.messages.list.query({ chatId: copy.id })).items.map(({ id }) => id);
  const versions = await versionsOf(owner, copyId);
  expect(versions.map(({ messageId }) => messageId)).toEqual([ids[1], null, ids[3], null]);
  expect(JSON.stringify(await owner.api.messages.list.query({ chatId: copy.id }))).not.toContain(
    `"documentId":"${documentId}"`,
  );
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
  // Each goes its own way.
  const edits = [{ find: "newest", replace: "copy’s own" }];
  await (
    await ask(owner, callScript("editDocument", { documentId: copyId, edits }), copy.id)
  ).stream.rest();
  expect((await readDocument(owner, copyId)).content).toBe("the copy’s own");
  await owner.api.chats.delete.mutate({ chatId });
  expect(await contentsOf(owner, copyId)).toHaveLength(5);
});

test("a shorter copy has the versions up to its end", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await withDocument(owner);
  const { items } = await owner.api.messages.list.query({ chatId });
  const copy = await owner.api.chats.fork.mutate({ chatId, messageId: items[1]?.id });
  const [document] = await documentsIn(owner, copy.id);
  const versions = await versionsOf(owner, document?.id ?? "");
  expect(versions.map(({ author, version, number }) => [author, version, number])).toEqual([
    ["model", 1, 1],
    ["person", 2, 2],
    ["person", 4, 3],
  ]);
  const question = await owner.api.chats.fork.mutate({ chatId, messageId: items[0]?.id });
  expect(await namedIn(owner, question.id)).toEqual([]);
});

test.each(["guest", "anotherUser"] as const)(
  "a copy by %s of a shared chat has only the versions that it shows",
  async (kind) => {
    const owner = await callerFor("owner");
    const { chatId } = await withDocument(owner);
    await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
    const reader = await callerFor(kind);
    const copy = await reader.api.chats.fork.mutate({ chatId });
    const [document] = await documentsIn(reader, copy.id);
    const contents = await contentsOf(reader, document?.id ?? "");
    expect(contents).toHaveLength(2);
    expect(contents[1]).toBe("the model’s edit");
    expect((await readDocument(reader, document?.id ?? "")).content).toBe("the model’s edit");
    expect(await storageUse(reader.user.id)).toEqual(await recount(reader.user.id));
    // The copy can be shared in turn.
    await reader.api.chats.setVisibility.mutate({ chatId: copy.id, visibility: "public" });
    const wanted = { chatId: copy.id, documentId: document?.id ?? "", version: 3 };
    const shown = await anonymous().api.documents.getShown.query(wanted);
    expect(shown.content).toBe("the model’s edit");
  },
);

test("an export has all versions, and an import brings them back, also for another person", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await withDocument(owner);
  await owner.api.documents.restore.mutate({ documentId, version: 1 });
  const file = JSON.parse(await exportOf(owner, chatId));
  for (const person of [owner, await callerFor("anotherUser")]) {
    const { imported } = await person.api.chats.import.mutate({ data: file });
    const importedId = imported[0]?.chatId ?? "";
    const [document] = await documentsIn(person, importedId);
    const id = document?.id ?? "";
    expect(id).not.toBe(documentId);
    expect(await contentsOf(person, id)).toEqual(await contentsOf(owner, documentId));
    const facts = (await versionsOf(person, id)).map(({ messageId: _, ...version }) => version);
    const before = (await versionsOf(owner, documentId)).map(({ messageId: _, ...one }) => one);
    expect(facts).toEqual(before);
    expect((await namedIn(person, importedId)).map((part) => part.documentId)).toEqual([id, id]);
    expect(await storageUse(person.user.id)).toEqual(await recount(person.user.id));
    // The same chat gives the same documents again.
    const again = JSON.parse(await exportOf(person, importedId));
    const contents = (one: typeof file) =>
      one.chats[0].documents[0].versions.map(({ content }: { content: string }) => content);
    expect(contents(again)).toEqual(contents(file));
  }
});

test("large documents come in several pieces and are whole", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await withDocument(owner);
  const large = [1, 2, 3].map((number) => `${number}\n"ü"\t${"x\n".repeat(300_000)}`);
  for (const [index, content] of large.entries()) {
    const save = { documentId, content, baseVersion: 4 + index, saveId: newId() };
    await owner.api.documents.save.mutate(save);
  }
  const data = JSON.parse(await exportOf(owner, chatId));
  const { imported } = await owner.api.chats.import.mutate({ data });
  const copy = await owner.api.chats.fork.mutate({ chatId });
  for (const id of [imported[0]?.chatId ?? "", copy.id]) {
    const [document] = await documentsIn(owner, id);
    expect((await contentsOf(owner, document?.id ?? "")).slice(4)).toEqual(large);
  }
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
});

test("a part that names a document which its file lacks says that it is gone", async () => {
  const owner = await callerFor("owner");
  const { documentId } = await withDocument(owner);
  const text = { type: "data-document-text", id: "call", data: { delta: "forged" } };
  const own = oneDocument();
  const parts = [
    onePart(documentId),
    onePart(own.id, { version: 2 }),
    onePart(own.id, { state: "writing", version: null }),
    text,
  ];
  const { imported } = await importAnswer(owner, parts, [own]);
  const chatId = imported[0]?.chatId ?? "";
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items[0]?.parts).toHaveLength(3);
  for (const named of await namedIn(owner, chatId)) {
    expect(named).toMatchObject({ state: "deleted", version: null, baseVersion: null });
    expect([documentId, own.id]).not.toContain(named.documentId);
  }
  expect(await contentsOf(owner, documentId)).toHaveLength(4);
});

test("no template file names a document either", async () => {
  const owner = await callerFor("owner");
  const { documentId } = await withDocument(owner);
  const [chatId, id] = [newId(), newId()];
  const createdAt = "2024-01-01T00:00:00Z";
  const data = {
    Chat: [{ id: chatId, createdAt, title: "T" }],
    Message_v2: [{ id, chatId, role: "assistant", parts: [onePart(documentId)], createdAt }],
  };
  const { imported } = await owner.api.chats.import.mutate({ data });
  expect(imported).toHaveLength(1);
  expect(await namedIn(owner, chatId)).toMatchObject([{ state: "deleted", version: null }]);
});

const forged: Record<string, unknown> = {
  "not a list": "x",
  "without versions": [oneDocument({ versions: [] })],
  "of an unknown kind": [oneDocument({ kind: "virus" })],
  "with a version twice": [oneDocument({ versions: [oneVersion(), oneVersion()] })],
  "with versions in disorder": [
    oneDocument({ versions: [oneVersion({ version: 2 }), oneVersion()] }),
  ],
  "too large": [oneDocument({ versions: [oneVersion({ content: "x".repeat(1_500_001) })] })],
  "with a NUL": [oneDocument({ versions: [oneVersion({ content: "a\0b" })] })],
  "by an unknown author": [oneDocument({ versions: [oneVersion({ author: "admin" })] })],
  "with one id for two": [oneDocument({ id: "same" }), oneDocument({ id: "same" })],
  "too many": Array.from({ length: 501 }, () => oneDocument()),
};

test.each(Object.keys(forged))(
  "a file with documents %s is refused, and leaves nothing",
  async (what) => {
    const owner = await callerFor("owner");
    const { imported, failures } = await importAnswer(owner, [onePart(newId())], forged[what]);
    expect([imported.length, failures.length]).toEqual([0, 1]);
    expect(await recount(owner.user.id)).toMatchObject({ chats: 0, messages: 0, textBytes: 0 });
    expect((await owner.api.documents.list.query({})).items).toEqual([]);
  },
);

test("a version names no message of another chat", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await withDocument(owner);
  const { items } = await owner.api.messages.list.query({ chatId });
  const own = oneDocument({ versions: [oneVersion({ messageId: items[1]?.id, restoredFrom: 9 })] });
  const { imported } = await importAnswer(owner, [onePart(own.id)], [own]);
  const [brought] = await documentsIn(owner, imported[0]?.chatId ?? "");
  expect(await versionsOf(owner, brought?.id ?? "")).toMatchObject([
    { messageId: null, restoredFrom: null },
  ]);
});

test("a chat whose documents do not fit into the storage is not copied at all", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await withDocument(owner);
  const content = "x".repeat(400_000);
  await owner.api.documents.save.mutate({ documentId, content, baseVersion: 4, saveId: newId() });
  const max = usedBytesOf(await storageUse(owner.user.id)) + 300_000;
  await createLimit({ userId: owner.user.id }, "storageMaxBytes", max);
  const data = JSON.parse(await exportOf(owner, chatId));
  const before = await recount(owner.user.id);
  const fork = await errorOf(owner.api.chats.fork.mutate({ chatId }));
  expect(fork).toMatchObject({ errorCode: "TOO_LARGE", limit: "storage" });
  const { failures } = await owner.api.chats.import.mutate({ data });
  expect(failures).toMatchObject([{ limit: "storage" }]);
  expect(await recount(owner.user.id)).toEqual(before);
  expect((await owner.api.documents.list.query({})).items).toHaveLength(1);
});
