/** Documents that were made by hand go along with the file of everything. */
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import {
  exportOf,
  oneDocument,
  oneVersion,
  piecesOf,
  withDocument,
} from "../../../../test/carried-documents.ts";
import { errorOf } from "../../../../test/client.ts";
import { readDocument } from "../../../../test/documents.ts";
import { createLimit } from "../../../../test/factories.ts";
import { recount, storageUse } from "../../../../test/storage-use.ts";
import type { ExportedDocument } from "../../../contracts/transfer.ts";
import { newId } from "../../../platform/ids.ts";
import { usedBytesOf } from "../../limits/storage.ts";

interface Everything {
  chats: { documents?: ExportedDocument[] }[];
  documents?: ExportedDocument[];
}

const everything = async (owner: Caller): Promise<Everything> =>
  JSON.parse((await piecesOf(owner, undefined, "json")).join(""));

const fileOf = (documents: unknown) => ({
  ...{ format: "alleato-chat", version: 1, chats: [], documents },
});

/** A document with three versions, of which the last restores the first. */
async function byHand({ api }: Caller, fields: { content?: string; title?: string } = {}) {
  const made = await api.documents.create.mutate({
    ...{ key: newId(), kind: "code", language: "python", title: "By hand", content: "One\n" },
    ...fields,
  });
  const documentId = made.id;
  const save = { documentId, content: 'Two "ü" 😀\r\n', baseVersion: 1, saveId: newId() };
  await api.documents.save.mutate(save);
  await api.documents.restore.mutate({ documentId, version: 1 });
  return documentId;
}

const withoutIds = (documents: readonly ExportedDocument[] = []) =>
  documents
    .map(({ id: _, ...document }) => document)
    .sort((one, other) => one.title.localeCompare(other.title));

test.each(["owner", "anotherUser", "guest", "admin"] as const)(
  "a file of everything brings documents back, for %s",
  async (kind) => {
    const owner = await callerFor("owner");
    const ids = [
      await byHand(owner, { title: "A" }),
      await byHand(owner, { title: "B", content: "" }),
    ];
    const { chatId } = await withDocument(owner);
    const data = await everything(owner);
    expect(data.documents?.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(data.chats).toHaveLength(1);
    expect(await exportOf(owner, chatId)).not.toContain("By hand");

    const importer = kind === "owner" ? owner : await callerFor(kind);
    const output = await importer.api.chats.import.mutate({ data });
    expect(output.failures).toEqual([]);
    const news = output.importedDocuments.map(({ documentId }) => documentId);
    expect(news).toHaveLength(2);
    expect(ids).not.toContain(news[0]);
    const { document, version } = await readDocument(importer, news[0] ?? "");
    expect(document).toMatchObject({ chatId: null, kind: "code", language: "python" });
    expect(version).toMatchObject({ number: 3, author: "person", restoredFrom: 1 });
    const again = await everything(importer);
    const brought = again.documents?.filter(({ id }) => news.includes(id));
    expect(withoutIds(brought)).toEqual(withoutIds(data.documents));
    expect(await storageUse(importer.user.id)).toEqual(await recount(importer.user.id));
    // Each goes its own way.
    const save = { content: "Mine", baseVersion: 3, saveId: newId() };
    await importer.api.documents.save.mutate({ documentId: news[0] ?? "", ...save });
    expect((await readDocument(owner, ids[0] ?? "")).content).toBe("One\n");
  },
);

test("a visitor without a session imports no documents", async () => {
  const { api } = anonymous();
  const error = await errorOf(api.chats.import.mutate({ data: fileOf([oneDocument()]) }));
  expect(error).toMatchObject({ errorCode: "UNAUTHENTICATED" });
});

test("a file has no documents of others, and one without documents says nothing of them", async () => {
  const owner = await callerFor("owner");
  await byHand(owner);
  for (const kind of ["anotherUser", "guest", "admin"] as const) {
    const [text = ""] = await piecesOf(await callerFor(kind), undefined, "json");
    expect(text).toBe('{"format":"alleato-chat","version":1,"chats":[\n]}\n');
  }
  expect((await piecesOf(owner, undefined, "markdown")).join("")).toBe("");
});

test("many large documents come in bounded pieces, and come back whole", async () => {
  const owner = await callerFor("owner");
  const content = "ü".repeat(700_000);
  for (const title of ["A", "B", "C"]) await byHand(owner, { title, content });
  const pieces = await piecesOf(owner, undefined, "json");
  expect(pieces.length).toBeGreaterThan(2);
  const data: Everything = JSON.parse(pieces.join(""));
  expect(data.documents?.map(({ versions }) => versions.length)).toEqual([3, 3, 3]);
  const other = await callerFor("anotherUser");
  await other.api.chats.import.mutate({ data });
  expect(withoutIds((await everything(other)).documents)).toEqual(withoutIds(data.documents));
  expect(await storageUse(other.user.id)).toEqual(await recount(other.user.id));
  // It writes, hashes and reads 25 MB.
}, 60_000);

test("the same import makes each document once, also when it is sent twice at once", async () => {
  const owner = await callerFor("owner");
  const [importId, data] = [newId(), fileOf([oneDocument(), oneDocument({ title: "Second" })])];
  const send = () => owner.api.chats.import.mutate({ importId, data });
  const first = await send();
  expect(first.importedDocuments.map(({ title }) => title)).toEqual(["A title", "Second"]);
  expect(await send()).toEqual(first);
  await Promise.allSettled([send(), send()]);
  const listed = async () => (await owner.api.documents.list.query({})).items.length;
  expect(await listed()).toBe(2);
  await owner.api.chats.import.mutate({ data });
  expect(await listed()).toBe(4);
  // Another user's import with this id is another import.
  const other = await callerFor("anotherUser");
  const theirs = await other.api.chats.import.mutate({ importId, data });
  expect(theirs.importedDocuments).toHaveLength(2);
  expect(theirs.importedDocuments[0]?.documentId).not.toBe(first.importedDocuments[0]?.documentId);
});

const forged: Record<string, object> = {
  "without versions": { versions: [] },
  "of an unknown kind": { kind: "virus" },
  "with versions in disorder": { versions: [oneVersion({ version: 2 }), oneVersion()] },
  "too large": { versions: [oneVersion({ content: "x".repeat(1_500_001) })] },
  "with a NUL": { versions: [oneVersion({ content: "a\0b" })] },
  "by an unknown author": { versions: [oneVersion({ author: "admin" })] },
};

test.each(Object.keys(forged))(
  "a document %s is refused, and does not stop the next",
  async (what) => {
    const owner = await callerFor("owner");
    const documents = [oneDocument({ title: "Odd", ...forged[what] }), oneDocument()];
    const { importedDocuments, failures } = await owner.api.chats.import.mutate({
      data: fileOf(documents),
    });
    expect(failures).toMatchObject([{ kind: "document", index: 0, title: "Odd" }]);
    expect(importedDocuments).toMatchObject([{ index: 1, title: "A title" }]);
    expect((await owner.api.documents.list.query({})).items).toHaveLength(1);
  },
);

test("too many documents, and ones that are no list, are refused as a whole", async () => {
  const owner = await callerFor("owner");
  const send = (documents: unknown) =>
    errorOf(owner.api.chats.import.mutate({ data: fileOf(documents) }));
  const many = Array.from({ length: 201 }, () => oneDocument());
  expect(await send(many)).toMatchObject({ errorCode: "TOO_LARGE" });
  expect(await send("x")).toMatchObject({ errorCode: "INVALID" });
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
});

test("a document names no message and no chat of its importer", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await withDocument(owner);
  const { items } = await owner.api.messages.list.query({ chatId });
  const versions = [oneVersion({ messageId: items[1]?.id, restoredFrom: 9 })];
  const { importedDocuments } = await owner.api.chats.import.mutate({
    data: fileOf([oneDocument({ chatId, versions })]),
  });
  const { document, version } = await readDocument(owner, importedDocuments[0]?.documentId ?? "");
  expect(document.chatId).toBeNull();
  expect(version).toMatchObject({ messageId: null, restoredFrom: null });
});

test("a document that does not fit into the storage is not imported at all", async () => {
  const owner = await callerFor("owner");
  const max = usedBytesOf(await storageUse(owner.user.id)) + 300_000;
  await createLimit({ userId: owner.user.id }, "storageMaxBytes", max);
  const content = "x".repeat(250_000);
  const versions = [oneVersion({ content }), oneVersion({ version: 2, content })];
  const { failures } = await owner.api.chats.import.mutate({
    data: fileOf([oneDocument({ versions })]),
  });
  expect(failures).toMatchObject([{ kind: "document", index: 0, limit: "storage" }]);
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
});
