import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { createClient, errorOf } from "../../../test/client.ts";
import { bytesOf, partsWith, pdf, png, traces, upload, webp } from "../../../test/files.ts";
import { openStream } from "../../../test/stream.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { settingsOf } from "../../platform/settings.ts";
import { sweepUploads } from "./purge/sweep-uploads.ts";

async function send(owner: Caller, parts: ReturnType<typeof partsWith>, chatId = newId()) {
  const sent = await owner.api.messages.send.mutate({ chatId, message: { id: newId(), parts } });
  const stream = await openStream(owner, { chatId, streamId: sent.streamId });
  await stream.rest();
  return sent;
}

test("a file that was uploaded is there, byte for byte, with what it is", async () => {
  const owner = await callerFor("owner");
  const picture = png(40, 30);
  const made = await upload(owner, picture, "photo.png", {
    type: "image/png",
    thumbnail: webp(4, 3),
  });
  expect(made).toMatchObject({
    name: "photo.png",
    mediaType: "image/png",
    bytes: picture.length,
    width: 40,
    height: 30,
    hasThumbnail: true,
  });
  const response = await owner.fetch(`/files/${made.id}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(picture);
  const small = await owner.fetch(`/files/${made.id}?size=thumbnail`);
  expect((await small.arrayBuffer()).byteLength).toBe(webp(4, 3).length);
  const { rows, keys } = await traces(owner);
  expect(rows).toMatchObject([{ id: made.id, state: "ready" }]);
  expect(keys).toHaveLength(2);
});

test("the same file is stored once, under each name that it was given", async () => {
  const owner = await callerFor("owner");
  const first = await upload(owner, "the same", "a.txt");
  const second = await upload(owner, "the same", "b.txt");
  expect(second).toMatchObject({ id: first.id, name: "b.txt" });
  const both = await Promise.all([
    upload(owner, "at once", "c.txt"),
    upload(owner, "at once", "d.txt"),
  ]);
  expect(both[0].id).toBe(both[1].id);
  const { rows, keys } = await traces(owner);
  expect(rows.map(({ state }) => state)).toEqual(["ready", "ready"]);
  expect(keys).toHaveLength(2);
  const other = await callerFor("anotherUser");
  expect((await upload(other, "the same", "a.txt")).id).not.toBe(first.id);
});

test("a message has the files that its sender has, and says what the worker knows of them", async () => {
  const owner = await callerFor("owner");
  const picture = await upload(owner, png(7, 5), "p.png");
  const { chatId } = await send(owner, [
    { type: "file", url: `/files/${picture.id}`, filename: "../my ‮picture.png" },
    { type: "text", text: "What is this?" },
  ]);
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items[0]?.parts).toEqual([
    {
      type: "file",
      url: `/files/${picture.id}`,
      mediaType: "image/png",
      filename: "my picture.png",
      providerMetadata: { alleato: { bytes: picture.bytes, width: 7, height: 5 } },
    },
    { type: "text", text: "What is this?" },
  ]);
  const other = await callerFor("anotherUser");
  const stolen = other.api.messages.send.mutate({
    chatId: newId(),
    message: { id: newId(), parts: partsWith("mine", picture) },
  });
  expect(await errorOf(stolen)).toMatchObject({ errorCode: "INVALID" });
});

test("the demo model says what it was given", async () => {
  const owner = await callerFor("owner");
  const files = [
    await upload(owner, png(7, 5), "p.png"),
    await upload(owner, "first line\nsecond line", "notes.md"),
    await upload(owner, pdf("Words of a document."), "paper.pdf"),
  ];
  const { chatId } = await send(owner, partsWith("", ...files));
  const { items } = await owner.api.messages.list.query({ chatId });
  const text = items[1]?.parts.map((part) => String(part.text ?? "")).join("");
  expect(items[1]?.status).toBe("complete");
  expect(text).toContain("p.png");
  expect(text).toContain("image/png");
  expect(text).toContain(`${files[0]?.bytes} bytes`);
  expect(text).toContain("notes.md");
  expect(text).toContain("first line");
  expect(text).not.toContain("second line");
  expect(text).toContain("Words of a document.");
});

test("a deleted file is gone from the bucket, and its messages say so", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "secret", "s.txt");
  const { chatId } = await send(owner, partsWith("Read this.", file));
  await owner.api.uploads.delete.mutate({ uploadId: file.id });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(404);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items[0]?.parts).toEqual([
    { type: "data-deleted-file", data: { filename: "s.txt", mediaType: "text/plain" } },
    { type: "text", text: "Read this." },
  ]);
  const again = owner.api.uploads.delete.mutate({ uploadId: file.id });
  expect(await errorOf(again)).toMatchObject({ errorCode: "NOT_FOUND" });
});

test("with its last chat a file goes, and not before", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "shared", "s.txt");
  const first = await send(owner, partsWith("one", file));
  const copy = await owner.api.chats.fork.mutate({ chatId: first.chatId });
  const drafted = await upload(owner, "given and never sent", "d.txt", { chatId: first.chatId });
  await owner.api.chats.delete.mutate({ chatId: first.chatId });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(200);
  expect((await owner.fetch(`/files/${drafted.id}`)).status).toBe(404);
  await owner.api.chats.delete.mutate({ chatId: copy.id });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(404);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("a file that was given again for a message outlives the chat that had it", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "again", "a.txt");
  const { chatId } = await send(owner, partsWith("one", file));
  expect((await upload(owner, "again", "a.txt")).id).toBe(file.id);
  await owner.api.chats.delete.mutate({ chatId });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(200);
  await owner.api.uploads.delete.mutate({ uploadId: file.id, onlyIfUnused: true });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(404);
});

test("one file in two drafts: neither the other draft nor its chat takes it along", async () => {
  const owner = await callerFor("owner");
  const [first, second] = [newId(), newId()];
  const file = await upload(owner, "twice", "a.txt", { chatId: first });
  await upload(owner, "twice", "a.txt", { chatId: second });
  const isThere = async () => (await owner.fetch(`/files/${file.id}`)).status === 200;
  await owner.api.uploads.delete.mutate({ uploadId: file.id, onlyIfUnused: true });
  expect(await isThere()).toBe(true);
  for (const chatId of [first, second]) {
    await send(owner, partsWith("without it"), chatId);
    await owner.api.chats.delete.mutate({ chatId });
  }
  expect(await isThere()).toBe(true);
  // After being sent in one chat and deleted with it, the file still waits in the other chat's
  // draft.
  const { chatId } = await send(owner, partsWith("with it", file));
  await owner.api.chats.delete.mutate({ chatId });
  expect(await isThere()).toBe(true);
  await sweepUploads(env, createLogger(), Date.now() + settingsOf(env).kept.unsentFileMs + 60_000);
  expect(await isThere()).toBe(false);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("what is taken out of a draft stays where a message has it", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "kept", "k.txt");
  await send(owner, partsWith("one", file));
  await upload(owner, "kept", "k.txt");
  await owner.api.uploads.delete.mutate({ uploadId: file.id, onlyIfUnused: true });
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(200);
});

test("deleting all chats takes their files along", async () => {
  const owner = await callerFor("owner");
  for (const name of ["a.txt", "b.txt"]) {
    await send(owner, partsWith("hello", await upload(owner, `content of ${name}`, name)));
  }
  await owner.api.chats.deleteAll.mutate();
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("the list says where each is used, and what all take; it has pages in both orders", async () => {
  const owner = await callerFor("owner");
  const small = await upload(owner, "a", "a.txt");
  const large = await upload(owner, "b".repeat(100), "b.txt");
  const middle = await upload(owner, "c".repeat(10), "c.txt");
  const { chatId } = await send(owner, partsWith("Where is it used?", large));
  const list = await owner.api.uploads.list.query({});
  expect(list.items.map(({ id }) => id)).toEqual([middle.id, large.id, small.id]);
  expect(list.items[1]).toMatchObject({ useCount: 1, chats: [{ id: chatId }] });
  expect(list.items[0]).toMatchObject({ useCount: 0, chats: [] });
  const { textBytes } = list.storage;
  expect(list.storage).toEqual({
    usedBytes: textBytes + 111,
    maxBytes: 1_000 * 1024 * 1024,
    textBytes,
    fileBytes: 111,
    streamBytes: 0,
    messages: 2,
    maxMessages: 200_000,
  });
  expect(textBytes).toBeGreaterThan(0);
  for (const [sort, ids] of [
    ["newest", [middle.id, large.id, small.id]],
    ["largest", [large.id, middle.id, small.id]],
  ] as const) {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: typeof list = await owner.api.uploads.list.query({ sort, limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  }
});

test("a picture is refused for a model that sees none, before anything is saved", async () => {
  const owner = await callerFor("owner");
  const picture = await upload(owner, png(2, 2), "p.png");
  const chatId = newId();
  const sending = owner.api.messages.send.mutate({
    chatId,
    message: { id: newId(), parts: partsWith("What is this?", picture) },
    modelId: "demo-text",
  });
  expect(await errorOf(sending)).toMatchObject({
    errorCode: "INVALID",
    message: expect.stringMatching(/can’t see images/),
  });
  expect((await owner.api.chats.list.query({})).items).toEqual([]);
});

test("a reader's copy of a public chat has files of its own", async () => {
  const owner = await callerFor("owner");
  const picture = await upload(owner, png(9, 9), "p.png", { thumbnail: webp(2, 2) });
  const note = await upload(owner, "a note", "n.txt");
  const { chatId } = await send(owner, partsWith("Look at these.", picture, note));
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  const reader = await callerFor("anotherUser");
  const known = await upload(reader, "a note", "mine.txt");
  const copy = await reader.api.chats.fork.mutate({ chatId });
  await owner.api.chats.delete.mutate({ chatId });
  const { items } = await reader.api.messages.list.query({ chatId: copy.id });
  const urls = items[0]?.parts.flatMap(({ url }) => (typeof url === "string" ? url : [])) ?? [];
  expect(urls).toHaveLength(2);
  expect(urls[1]).toBe(`/files/${known.id}`);
  expect(urls[0]).not.toContain(picture.id);
  for (const url of urls) expect((await reader.fetch(url)).status).toBe(200);
  expect((await reader.fetch(`${urls[0]}?size=thumbnail`)).headers.get("content-length")).toBe(
    String(webp(2, 2).length),
  );
  const { items: files, storage } = await reader.api.uploads.list.query({});
  expect(files.map(({ useCount }) => useCount)).toEqual([1, 1]);
  expect(storage.fileBytes).toBe(picture.bytes + webp(2, 2).length + note.bytes);
});

test("one's own copy shares the files, and an export names them for an import", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "shared", "s.txt");
  const { chatId } = await send(owner, partsWith("one", file));
  await owner.api.chats.fork.mutate({ chatId });
  const { text } = await owner.api.chats.export.query({ chatId, format: "json" });
  await owner.api.chats.import.mutate({ data: JSON.parse(text) });
  const { items } = await owner.api.uploads.list.query({});
  expect(items.map(({ id, useCount }) => ({ id, useCount }))).toEqual([
    { id: file.id, useCount: 3 },
  ]);
  // The file's address does not work for another user.
  const other = await callerFor("anotherUser");
  await other.api.chats.import.mutate({ data: JSON.parse(text) });
  expect((await other.fetch(`/files/${file.id}`)).status).toBe(404);
  expect((await other.api.uploads.list.query({})).items).toEqual([]);
});

test("what all files may have is kept to, however many come at once", async () => {
  const guest = await callerFor("guest");
  await env.CONTENT_0.prepare(
    `INSERT INTO uploads (userId, id, name, mediaType, bytes, sha256, state, createdAt)
     VALUES (?, ?, 'large.txt', 'text/plain', ?, 'x', 'ready', 1)`,
  )
    .bind(guest.user.id, newId(), 50 * 1024 * 1024 - 35)
    .run();
  const sent = Array.from({ length: 6 }, (_, index) =>
    upload(guest, `ten bytes${index}`, `${index}.txt`),
  );
  const results = await Promise.allSettled(sent);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  const { rows, keys } = await traces(guest);
  expect(rows.map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
  expect(keys).toHaveLength(3);
  const refused = upload(guest, "one too many", "a.txt");
  expect(await errorOf(refused)).toMatchObject({
    errorCode: "TOO_LARGE",
    message: expect.stringMatching(/Not enough storage. You can store up to 50 MB/),
  });
});

test("a file that is too large is refused before it has come", async () => {
  const owner = await callerFor("owner");
  let pulled = 0;
  // Ten times the limit, a megabyte at a time.
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      if (pulled === 1) controller.enqueue(bytesOf(formHead("large.txt")));
      else if (pulled <= 200) controller.enqueue(new Uint8Array(1024 * 1024).fill(97));
      else controller.close();
    },
  });
  const response = await owner.fetch("/trpc/uploads.create", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body,
  });
  expect(response.status).toBe(413);
  expect(await response.text()).toContain("A file can be up to 20 MB.");
  expect(pulled).toBeLessThan(30);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
  const told = await owner.fetch("/trpc/uploads.create", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b", "content-length": "99999999" },
    body: "",
  });
  expect([told.status, (await told.text()).includes("up to 20 MB")]).toEqual([413, true]);
});

const formHead = (name: string) =>
  `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;

test.each([
  ["nothing", "", "multipart/form-data; boundary=b"],
  ["no boundary", "--b", "multipart/form-data"],
  ["no form", "hello", "multipart/form-data; boundary=b"],
  ["a form without its end", `${formHead("a.txt")}hello`, "multipart/form-data; boundary=b"],
  [
    "a form without a file",
    '--b\r\nContent-Disposition: form-data; name="chatId"\r\n\r\n\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
  ],
  [
    "a chat id that is none",
    `--b\r\nContent-Disposition: form-data; name="chatId"\r\n\r\nx\r\n${formHead("a.txt")}a\r\n--b--\r\n`,
    "multipart/form-data; boundary=b",
  ],
  [
    "two files",
    `${formHead("a.txt")}a\r\n${formHead("b.txt")}b\r\n--b--\r\n`,
    "multipart/form-data; boundary=b",
  ],
  ["JSON", "{}", "application/json"],
  ["bytes", "hello", "application/octet-stream"],
])("%s is refused as an upload", async (_, body, contentType) => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/uploads.create", {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  });
  const { error } = await response.json<{ error: { data: { errorCode: string } } }>();
  expect([response.status, error.data.errorCode]).toEqual([400, "INVALID"]);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("a thumbnail is held to what a picture is", async () => {
  const owner = await callerFor("owner");
  const sending = (thumbnail: Uint8Array) => upload(owner, png(3, 3), "a.png", { thumbnail });
  for (const [thumbnail, why] of [
    [bytesOf("<svg></svg>"), /SVG files aren’t supported/],
    [bytesOf("hello"), /isn’t an image/],
    [new Uint8Array(0), /aren’t supported/],
    [webp(2_000, 2), /too large/],
    [new Uint8Array(300_000).fill(1), /too large/],
  ] as const) {
    expect((await errorOf(sending(thumbnail))).message).toMatch(why);
    expect(await traces(owner)).toEqual({ rows: [], keys: [] });
  }
  // Only pictures get a thumbnail.
  const text = await upload(owner, "text", "a.txt", { thumbnail: webp(2, 2) });
  expect(text.hasThumbnail).toBe(false);
});

test("a program uploads with the scope for writing", async () => {
  const owner = await callerFor("owner");
  const { token } = await owner.api.account.tokens.create.mutate({
    name: "a program",
    scopes: ["chats:write", "chats:read"],
    expiresInDays: null,
  });
  const program = createClient({ token });
  const made = await upload(program, "by a program", "a.txt");
  expect((await program.fetch(`/files/${made.id}`)).status).toBe(200);
});
