/** Pictures that the model draws: from the question to the file, and to its end. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import { documentIn, readDocument } from "../../../../test/documents.ts";
import { ask, chunksOf, readUntil, textOf } from "../../../../test/turns.ts";
import { parsePicture } from "../../../contracts/pictures.ts";
import { uploadIdOf } from "../../../contracts/uploads.ts";
import { objectKey } from "../../uploads/object-keys.ts";

async function askAll(owner: Caller, text: string, chatId?: string) {
  const { stream, ...turn } = await ask(owner, text, chatId);
  const chunks = chunksOf(await stream.rest());
  return { ...turn, chunks, documentId: documentIn(chunks)?.documentId ?? "" };
}

async function pictureOf(owner: Caller, documentId: string, version?: number) {
  const { content } = await readDocument(owner, documentId, version);
  const picture = parsePicture(content);
  if (!picture) throw new Error(`This is no picture: ${content}`);
  return picture;
}

async function bytesAt(caller: Pick<Caller, "fetch">, url: string): Promise<Uint8Array | number> {
  const response = await caller.fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.ok ? bytes : response.status;
}

const hasObject = async (url: string) =>
  (await env.FILES.head(objectKey(uploadIdOf(url) ?? ""))) !== null;

const usedBytes = async (owner: Caller) => {
  const { storage } = await owner.api.uploads.list.query({});
  return storage.usedBytes;
};

test("a picture is drawn, stored as a file of the chat, and counted", async () => {
  const owner = await callerFor("owner");
  const before = await usedBytes(owner);
  const { chatId, chunks, documentId } = await askAll(owner, "Draw a house by the sea");
  expect(documentIn(chunks)).toMatchObject({ kind: "image", state: "complete", version: 1 });
  expect(textOf(chunks)).toContain("I’ve drawn");
  const { document, version } = await readDocument(owner, documentId);
  expect(document).toMatchObject({ kind: "image", title: "House by the sea", chatId });
  expect(version).toMatchObject({ number: 1, author: "model", status: "complete" });
  const picture = await pictureOf(owner, documentId);
  const facts = { mediaType: "image/png", width: 512, height: 384 };
  expect(picture).toMatchObject({ ...facts, prompts: ["Draw a house by the sea."] });

  const bytes = await bytesAt(owner, picture.url);
  if (typeof bytes === "number") throw new Error(`The picture is not there: ${bytes}`);
  expect([...bytes.subarray(1, 4)]).toEqual([..."PNG"].map((char) => char.charCodeAt(0)));
  expect((await usedBytes(owner)) - before).toBeGreaterThanOrEqual(bytes.length);
  const { items } = await owner.api.uploads.list.query({});
  expect(items).toMatchObject([{ name: "House by the sea.png", chats: [{ id: chatId }] }]);
});

test("a picture is drawn anew from the one before, and every version keeps its own", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await askAll(owner, "draw a house");
  const first = await pictureOf(owner, documentId);
  const { chunks } = await askAll(owner, "Redraw “House” with a red sun.", chatId);
  expect(documentIn(chunks)).toMatchObject({ documentId, action: "update", version: 2 });
  const second = await pictureOf(owner, documentId);
  expect(second.prompts).toEqual(["draw a house.", "Redraw “House” with a red sun."]);
  expect(second.url).not.toBe(first.url);
  expect(await pictureOf(owner, documentId, 1)).toEqual(first);

  await owner.api.documents.restore.mutate({ documentId, version: 1 });
  expect(await pictureOf(owner, documentId)).toEqual(first);
  expect(await bytesAt(owner, second.url)).toBeInstanceOf(Uint8Array);
});

test("a deleted document takes its pictures along, and none that another one shows", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await askAll(owner, "draw a moon");
  const { documentId: twinId } = await askAll(owner, "draw a moon", chatId);
  const { documentId: otherId } = await askAll(owner, "draw a star", chatId);
  const [moon, twin, star] = await Promise.all(
    [documentId, twinId, otherId].map((id) => pictureOf(owner, id)),
  );
  // The same drawing is stored once.
  expect(twin?.url).toBe(moon?.url);
  await owner.api.documents.delete.mutate({ documentId });
  expect(await bytesAt(owner, moon?.url ?? "")).toBeInstanceOf(Uint8Array);
  await owner.api.documents.delete.mutate({ documentId: twinId });
  expect(await bytesAt(owner, moon?.url ?? "")).toBe(404);
  expect(await hasObject(moon?.url ?? "")).toBe(false);
  await owner.api.chats.delete.mutate({ chatId });
  expect(await bytesAt(owner, star?.url ?? "")).toBe(404);
  await expect.poll(() => hasObject(star?.url ?? "")).toBe(false);
});

test("a picture is its owner's, until its chat is public, and again after that", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await askAll(owner, "draw a tree");
  const { url } = await pictureOf(owner, documentId);
  const others = [anonymous(), await callerFor("anotherUser")];
  const statuses = async () =>
    Promise.all(others.map(async (one) => (await one.fetch(url)).status));
  expect(await statuses()).toEqual([404, 404]);
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  expect(await statuses()).toEqual([200, 200]);
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" });
  expect(await statuses()).toEqual([404, 404]);
});

test("only the model decides which file a picture shows", async () => {
  const owner = await callerFor("owner");
  const { documentId } = await askAll(owner, "draw a tree");
  const picture = await pictureOf(owner, documentId);
  const content = JSON.stringify({ ...picture, url: `/files/${crypto.randomUUID()}` });
  const save = { documentId, content, baseVersion: 1, saveId: crypto.randomUUID() };
  await expect(owner.api.documents.save.mutate(save)).rejects.toMatchObject({
    data: { errorCode: "INVALID" },
  });
  const created = { key: crypto.randomUUID(), kind: "image", title: "A tree", content } as never;
  await expect(owner.api.documents.create.mutate(created)).rejects.toMatchObject({
    data: { errorCode: "INVALID" },
  });
  expect(await pictureOf(owner, documentId)).toEqual(picture);
});

test("a drawing that is stopped leaves neither a document nor a file", async () => {
  const owner = await callerFor("owner");
  const { stream, chatId, streamId } = await ask(owner, "draw a tree");
  const seen = await readUntil(stream, (events) => documentIn(chunksOf(events)) !== undefined);
  await owner.api.messages.stop.mutate({ chatId, streamId });
  const chunks = chunksOf([...seen, ...(await stream.rest())]);
  expect(documentIn(chunks)?.version).toBeNull();
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
  expect((await owner.api.uploads.list.query({})).items).toEqual([]);
});
