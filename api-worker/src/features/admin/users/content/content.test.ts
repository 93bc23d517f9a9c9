import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { callerFor } from "../../../../../test/callers.ts";
import { upload } from "../../../../../test/files.ts";
import { newId } from "../../../../platform/ids.ts";

afterEach(() => Object.assign(env, { ADMIN_CHAT_ACCESS: "on" }));

test("a user's documents and files are listed page by page, by name while chats are open", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  const userId = owner.user.id;
  for (const title of ["First", "Second"]) {
    const document = { key: newId(), kind: "text" as const, title, content: title };
    await owner.api.documents.create.mutate(document);
    await upload(owner, title, `${title}.txt`);
  }
  const { documents, files } = admin.api.admin.users;
  const pages = async <Item>(
    read: (cursor: string | null) => Promise<{ items: Item[]; nextCursor: string | null }>,
  ) => {
    const first = await read(null);
    const second = await read(first.nextCursor);
    expect([first.items.length, second]).toMatchObject([1, { nextCursor: null }]);
    return [...first.items, ...second.items];
  };
  expect(await pages((cursor) => documents.query({ userId, limit: 1, cursor }))).toMatchObject([
    { title: "Second", kind: "text", version: 1, chatId: null },
    { title: "First" },
  ]);
  expect(await pages((cursor) => files.query({ userId, limit: 1, cursor }))).toMatchObject([
    { name: "Second.txt", mediaType: "text/plain", bytes: 6 },
    { name: "First.txt" },
  ]);
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  expect((await documents.query({ userId })).items).toMatchObject([
    { title: null },
    { title: null },
  ]);
  expect((await files.query({ userId })).items).toMatchObject([{ name: null }, { name: null }]);
});
