/** Documents are found by their titles and by the text of their newest version. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { type Caller, callerAs, callerFor, strangers } from "../../../test/callers.ts";
import type { TestClient } from "../../../test/client.ts";
import { documentIn, writeQuestion } from "../../../test/documents.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import { ask, chunksOf } from "../../../test/turns.ts";
import { ownerContext } from "../../owner-context.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { searchObject } from "../../platform/search-object.ts";
import { deleteContent } from "../deletion/delete-content.ts";

const home = createHomeDb(env.HOME);

async function search({ api }: TestClient, query: string, only?: "documents") {
  const { items } = await api.chats.search.query({ query, only, limit: 50 });
  return items;
}

const foundIds = async (caller: TestClient, query: string) =>
  (await search(caller, query)).map(({ document }) => document?.id);

const create = ({ api }: Caller, content: string, title = "Untitled text") =>
  api.documents.create.mutate({ key: newId(), kind: "text", title, content });

const save = ({ api }: Caller, documentId: string, baseVersion: number, content: string) =>
  api.documents.save.mutate({ documentId, baseVersion, content, saveId: newId() });

/** A document that the model has made in a chat, with this text. */
async function createInChat(owner: Caller, content: string) {
  const { stream, chatId } = await ask(owner, writeQuestion({ length: 30, sizes: [7] }));
  const documentId = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  await save(owner, documentId, 1, content);
  return { chatId, documentId };
}

const waitingChanges = (caller: Caller) =>
  env.CONTENT_0.prepare("SELECT count(*) AS n FROM searchChanges WHERE userId = ?")
    .bind(caller.user.id)
    .first<number>("n");

const forgetChanges = (caller: Caller) =>
  env.CONTENT_0.prepare("DELETE FROM searchChanges WHERE userId = ?").bind(caller.user.id).run();

test("a hit by text says which document it is, and shows the text with the match marked", async () => {
  const owner = await callerFor("owner");
  const text = `${"Before.\n".repeat(60)}The octopus has three hearts. ${"After.\n".repeat(60)}`;
  const { id, updatedAt } = await create(owner, text, "Sea animals");
  const [hit, ...others] = await search(owner, "OCTOPUS hearts");
  expect(others).toEqual([]);
  expect(hit).toMatchObject({
    ...{ chatId: null, messageId: null, role: null, title: "Sea animals", time: updatedAt },
    document: { id, kind: "text", isTitle: false },
  });
  const marked = hit?.snippet.filter(({ isMatch }) => isMatch).map((piece) => piece.text);
  expect(marked).toEqual(["octopus", "hearts"]);
  expect(hit?.snippet.map((piece) => piece.text).join("").length).toBeLessThan(200);
});

test("a document is one hit: by its title, before all texts, if that has the words", async () => {
  const owner = await callerFor("owner");
  const titled = await create(owner, "A volcano is a volcano. A volcano!", "About a volcano");
  const chat = await createChat(owner.user, { title: "Other" });
  const message = await createMessage(owner.user, chat, { text: "volcano" });
  const other = await create(owner, `A volcano ${"and so on ".repeat(80)}`);
  const hits = await search(owner, "volcano");
  expect(hits.map(({ document, messageId }) => document?.id ?? messageId)).toEqual([
    titled.id,
    message.id,
    other.id,
  ]);
  expect(hits[0]).toMatchObject({ document: { isTitle: true }, chatId: null });
  expect(hits[0]?.snippet.at(-1)).toEqual({ text: "volcano", isMatch: true });
});

test("a search of documents alone finds no chats, page by page", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "Walrus" });
  await createMessage(owner.user, chat, { text: "walrus" });
  const ids: string[] = [];
  for (const title of ["Walrus", "Seal", "Otter"]) {
    ids.push((await create(owner, `${title} and walrus`, title)).id);
  }
  const found: (string | undefined)[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof owner.api.chats.search.query>> =
      await owner.api.chats.search.query({ query: "walrus", only: "documents", limit: 1, cursor });
    found.push(...page.items.map(({ document }) => document?.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(found).toHaveLength(3);
  expect(found[0]).toBe(ids[0]);
  expect([...found].sort()).toEqual([...ids].sort());
});

test.each([
  ["東京", "私は東京都に住んでいます。"],
  ["住", "私は東京都に住んでいます。"],
  ["한국", "저는 한국어를 공부해요"],
  ["cafe creme", "Un café crème, s'il vous plaît"],
  ["C", "Vitamin C helps"],
  ["sort_by", "def sort_by(key): pass"],
])("%s is found in a title and in a text like in messages", async (query, text) => {
  const owner = await callerFor("owner");
  const byTitle = await create(owner, "", text);
  const byText = await create(owner, text);
  await create(owner, "something else", "别的");
  expect(await foundIds(owner, query)).toEqual([byTitle.id, byText.id]);
});

test.each(Object.entries(strangers))("%s finds no document of the owner", async (_, stranger) => {
  const owner = await callerFor("owner");
  const { id } = await create(owner, "A secret walrus", "Walrus");
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  const found = await search(await stranger(), "walrus").catch(({ data }) => data.errorCode);
  expect(["UNAUTHENTICATED", []]).toContainEqual(found);
});

test("after an edit, a restore and a renaming the old words are not found", async () => {
  const owner = await callerFor("owner");
  const { id } = await create(owner, "walrus", "Animals");
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  await save(owner, id, 1, "seal");
  expect(await foundIds(owner, "walrus")).toEqual([]);
  expect(await foundIds(owner, "seal")).toEqual([id]);
  await owner.api.documents.restore.mutate({ documentId: id, version: 1 });
  expect(await foundIds(owner, "seal")).toEqual([]);
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  await owner.api.documents.rename.mutate({ documentId: id, title: "Birds" });
  expect(await foundIds(owner, "animals")).toEqual([]);
  expect(await foundIds(owner, "birds")).toEqual([id]);
});

test("of many saves between two searches the last one is found, and no change is left", async () => {
  const owner = await callerFor("owner");
  const [first, second] = [await create(owner, "walrus"), await create(owner, "walrus")];
  for (let version = 1; version < 30; version += 1) {
    await save(owner, first.id, version, `seal number${version}`);
  }
  expect(await foundIds(owner, "walrus")).toEqual([second.id]);
  expect(await foundIds(owner, "number29")).toEqual([first.id]);
  expect(await foundIds(owner, "number28")).toEqual([]);
  expect(await waitingChanges(owner)).toBe(0);
});

test("of a long document the part is found that is found of a long message", async () => {
  const owner = await callerFor("owner");
  const { id } = await create(
    owner,
    `${"word ".repeat(19_000)}walrus ${"word ".repeat(90_000)}seal`,
  );
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  expect(await foundIds(owner, "seal")).toEqual([]);
});

test("a deleted document is not found, also before the index knows", async () => {
  const owner = await callerFor("owner");
  const { id } = await create(owner, "walrus", "Walrus");
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  await owner.api.documents.delete.mutate({ documentId: id });
  await forgetChanges(owner);
  expect(await foundIds(owner, "walrus")).toEqual([]);
});

test("the document of a deleted chat is not found, and leaves the index", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await createInChat(owner, "walrus");
  const byHand = await create(owner, "walrus");
  const [hit] = (await search(owner, "walrus")).filter(
    ({ document }) => document?.id === documentId,
  );
  expect(hit).toMatchObject({ chatId });
  await owner.api.chats.delete.mutate({ chatId });
  expect(await foundIds(owner, "walrus")).toEqual([byHand.id]);
  const entries = await runInDurableObject(searchObject(env, owner.user.id), (_, { storage }) =>
    storage.sql.exec("SELECT kind FROM entries WHERE id = ?", documentId).toArray(),
  );
  expect(entries).toEqual([]);
});

test("a picture is found by its title, never by what it stores", async () => {
  const owner = await callerFor("owner");
  const { id } = await create(owner, '{"url":"/files/walrus","prompts":["seal"]}', "Otter");
  await env.CONTENT_0.prepare("UPDATE documents SET kind = 'image' WHERE id = ?").bind(id).run();
  expect(await search(owner, "otter")).toMatchObject([
    { document: { id, kind: "image", isTitle: true } },
  ]);
  expect(await search(owner, "walrus")).toEqual([]);
  expect(await search(owner, "seal")).toEqual([]);
});

test("documents that are older than their index's knowledge of them are found", async () => {
  const owner = await callerFor("owner");
  await createMessage(owner.user, await createChat(owner.user), { text: "walrus" });
  expect(await search(owner, "walrus")).toHaveLength(1);
  const ids: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    ids.push((await create(owner, `walrus ${"word ".repeat(20_000)}`)).id);
  }
  await forgetChanges(owner);
  await runInDurableObject(searchObject(env, owner.user.id), (_, { storage }) => {
    storage.sql.exec("DELETE FROM state WHERE key = 'documentsRead'");
  });
  while (!(await owner.api.chats.search.query({ query: "walrus" })).isComplete);
  expect(
    (await search(owner, "walrus", "documents")).map(({ document }) => document?.id).sort(),
  ).toEqual([...ids].sort());
});

test("the documents of an imported chat are found once the whole chat is there", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await createInChat(owner, "walrus");
  const { text } = await owner.api.chats.export.query({ chatId, format: "json" });
  const other = await callerFor("anotherUser");
  // An index that follows changes, and does not read all documents anew.
  expect(await search(other, "walrus")).toEqual([]);
  await other.api.chats.import.mutate({ data: JSON.parse(text) });
  const hits = await search(other, "walrus");
  expect(hits).toHaveLength(1);
  const documentId = hits[0]?.document?.id ?? "";
  expect((await other.api.documents.get.query({ documentId })).content).toBe("walrus");
});

test("deleting the account empties the index", async () => {
  const user = await createUser();
  const owner = await callerAs(user);
  const { id } = await create(owner, "walrus");
  expect(await foundIds(owner, "walrus")).toEqual([id]);
  await deleteContent(
    ownerContext({ env, home, log: createLogger() }, { userId: user.id, contentShard: 0 }),
  );
  expect(await waitingChanges(owner)).toBe(0);
  const tables = await runInDurableObject(searchObject(env, user.id), (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_schema WHERE name = 'entries'").toArray(),
  );
  expect(tables).toEqual([]);
});
