/** Documents go with their chat and their owner, and count towards what their owner stores. */
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import {
  callScript,
  documentIn,
  documentTextIn,
  endlessDocument,
  readDocument,
  writeQuestion,
} from "../../../../test/documents.ts";
import { createLimit } from "../../../../test/factories.ts";
import { recount, storageUse } from "../../../../test/storage-use.ts";
import { ask, chunksOf, readUntil } from "../../../../test/turns.ts";
import { ownerContext } from "../../../owner-context.ts";
import { newId } from "../../../platform/ids.ts";
import { createLogger } from "../../../platform/log.ts";
import { deleteContent } from "../../deletion/delete-content.ts";
import { usedBytesOf } from "../../limits/storage.ts";

const home = createHomeDb(env.HOME);

afterEach(async () => {
  await home.kysely.deleteFrom("ownerLimits").execute();
});

const rowsOf = (userId: string) =>
  env.CONTENT_0.prepare(
    `SELECT (SELECT count(*) FROM documents WHERE userId = ?1) AS documents,
       (SELECT count(*) FROM documentVersions WHERE userId = ?1) AS versions`,
  )
    .bind(userId)
    .first<{ documents: number; versions: number }>();

const handMade = { kind: "text", title: "By hand", content: "One" } as const;
const createIn = ({ api }: Caller, content = "One") =>
  api.documents.create.mutate({ ...handMade, key: newId(), content });

/** An owner with a document by hand, and one of two versions in a chat. */
async function withDocuments() {
  const owner = await callerFor("owner");
  const { id: byHand } = await createIn(owner);
  const { stream, chatId } = await ask(owner, writeQuestion({ length: 300, sizes: [7] }));
  const inChat = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  const save = { documentId: inChat, content: "Two", baseVersion: 1, saveId: newId() };
  await owner.api.documents.save.mutate(save);
  return { owner, chatId, byHand, inChat };
}

test.each(["the chat", "all chats"])(
  "deleting %s deletes its documents, and no other",
  async (what) => {
    const { owner, chatId, byHand, inChat } = await withDocuments();
    const other = await withDocuments();
    expect(await rowsOf(owner.user.id)).toEqual({ documents: 2, versions: 3 });
    if (what === "the chat") await owner.api.chats.delete.mutate({ chatId });
    else await owner.api.chats.deleteAll.mutate();
    expect(await rowsOf(owner.user.id)).toEqual({ documents: 1, versions: 1 });
    expect((await errorOf(readDocument(owner, inChat))).errorCode).toBe("NOT_FOUND");
    expect((await readDocument(owner, byHand)).content).toBe("One");
    expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
    expect(await rowsOf(other.owner.user.id)).toEqual({ documents: 2, versions: 3 });
  },
);

test("deleting the account deletes all documents", async () => {
  const { owner } = await withDocuments();
  const context = { env, home, log: createLogger() };
  await deleteContent(ownerContext(context, { userId: owner.user.id, contentShard: 0 }));
  expect(await rowsOf(owner.user.id)).toEqual({ documents: 0, versions: 0 });
  expect(await recount(owner.user.id)).toMatchObject({ textBytes: 0 });
});

test("a chat that is deleted in mid-write leaves no document", async () => {
  const owner = await callerFor("owner");
  const first = await ask(owner, writeQuestion({ length: 300, sizes: [7] }));
  await first.stream.rest();
  const { stream, chatId } = await ask(owner, endlessDocument, first.chatId);
  await readUntil(stream, (events) => documentTextIn(chunksOf(events)).length >= 50);
  await owner.api.chats.delete.mutate({ chatId });
  await stream.rest().catch(() => undefined);
  expect(await rowsOf(owner.user.id)).toEqual({ documents: 0, versions: 0 });
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
  expect((await storageUse(owner.user.id)).textBytes).toBe(0);
});

/** Every call that adds to documents. */
const doors: Record<string, (owner: Caller, documentId: string) => Promise<unknown>> = {
  create: (owner) => createIn(owner),
  save: ({ api }, documentId) =>
    api.documents.save.mutate({ documentId, content: "Three", baseVersion: 2, saveId: newId() }),
  restore: ({ api }, documentId) => api.documents.restore.mutate({ documentId, version: 1 }),
};

/** Leaves an owner with this many free bytes. */
async function leaveBytes({ user }: Caller, free: number): Promise<void> {
  const max = usedBytesOf(await storageUse(user.id)) + free;
  await createLimit({ userId: user.id }, "storageMaxBytes", max);
}

test.each(Object.keys(doors))("nothing is added to a full storage by %s", async (door) => {
  const { owner, inChat, byHand } = await withDocuments();
  await leaveBytes(owner, 100);
  const before = await rowsOf(owner.user.id);
  const error = await errorOf(doors[door]?.(owner, inChat) ?? Promise.resolve());
  expect(error).toMatchObject({ errorCode: "TOO_LARGE", httpStatus: 413, limit: "storage" });
  expect(await rowsOf(owner.user.id)).toEqual(before);
  expect((await readDocument(owner, inChat)).content).toBe("Two");
  // Deleting a document makes room.
  await owner.api.documents.delete.mutate({ documentId: byHand });
  await doors[door]?.(owner, inChat);
  expect(await storageUse(owner.user.id)).toEqual(await recount(owner.user.id));
});

test("an edit by the model that does not fit is told to it, and changes nothing", async () => {
  const { owner, chatId, inChat } = await withDocuments();
  const content = `Two ${"x".repeat(500_000)}`;
  const save = { documentId: inChat, content, baseVersion: 2, saveId: newId() };
  await owner.api.documents.save.mutate(save);
  // The question and the answer have room. Another version of the document has none.
  await leaveBytes(owner, 1_000_000);
  const edits = [{ find: "Two", replace: "Three" }];
  const edit = callScript("editDocument", { documentId: inChat, edits });
  const chunks = chunksOf(await (await ask(owner, edit, chatId)).stream.rest());
  expect(JSON.stringify(chunks)).toContain("storage is full");
  expect((await readDocument(owner, inChat)).content).toBe(content);
});
