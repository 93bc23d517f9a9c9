import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import { createClient, refusalOf } from "../../../test/client.ts";
import { jpeg, pdf, png, upload, webp } from "../../../test/files.ts";
import { takeErrors } from "../../../test/logs.ts";
import { newId } from "../../platform/ids.ts";
import { parseRange } from "./byte-range.ts";

const digits = "0123456789";

async function uploaded(content: string | Uint8Array = digits, name = "digits.txt") {
  const owner = await callerFor("owner");
  const file = await upload(owner, content, name);
  return { owner, file, path: `/files/${file.id}` };
}

function ask(owner: Caller, path: string, headers: Record<string, string>, method = "GET") {
  return owner.fetch(path, { method, headers });
}

test("a file comes with its type, and nothing that could run it", async () => {
  const { owner, path } = await uploaded();
  const { status, headers } = await ask(owner, path, {});
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "text/plain; charset=utf-8",
    "content-length": "10",
    "content-disposition": `inline; filename="digits.txt"; filename*=UTF-8''digits.txt`,
    "x-content-type-options": "nosniff",
    "content-security-policy": expect.stringContaining("sandbox"),
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
  });
});

test("pictures and plain text open in the browser; the rest is to keep", async () => {
  for (const [content, name, disposition] of [
    [jpeg(), "a.jpg", "inline"],
    ["a", "a.txt", "inline"],
    [pdf(), "a.pdf", "attachment"],
    ["{}", "a.json", "attachment"],
  ] as const) {
    const { owner, path } = await uploaded(content, name);
    const { headers } = await ask(owner, path, {});
    expect(headers.get("content-disposition")?.split(";")[0], name).toBe(disposition);
    const download = await ask(owner, `${path}?download`, {});
    expect(download.headers.get("content-disposition")).toMatch(/^attachment/);
  }
});

test("what one has already is not sent again", async () => {
  const { owner, path } = await uploaded();
  const etag = (await ask(owner, path, {})).headers.get("etag") ?? "";
  for (const tags of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
    const response = await ask(owner, path, { "if-none-match": tags });
    expect([response.status, await response.text(), response.headers.get("etag")]).toEqual([
      304,
      "",
      etag,
    ]);
  }
  expect((await ask(owner, path, { "if-none-match": '"other"' })).status).toBe(200);
});

test.each([
  ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
  ["bytes=4-", 206, "456789", "bytes 4-9/10"],
  ["bytes=-3", 206, "789", "bytes 7-9/10"],
  ["bytes=-99", 206, digits, "bytes 0-9/10"],
  ["bytes=9-99", 206, "9", "bytes 9-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["bytes=-0", 416, "", "bytes */10"],
  ["bytes=3-1", 200, digits, null],
  ["bytes=0-1,3-4", 200, digits, null],
  ["lines=0-1", 200, digits, null],
])("Range: %s is answered with %i", async (range, status, text, contentRange) => {
  const { owner, path } = await uploaded();
  const response = await ask(owner, path, { range });
  expect([response.status, await response.text(), response.headers.get("content-range")]).toEqual([
    status,
    text,
    contentRange,
  ]);
});

test("a part is only given of the file that was begun", async () => {
  const { owner, path } = await uploaded();
  const etag = (await ask(owner, path, {})).headers.get("etag") ?? "";
  const range = "bytes=0-1";
  expect((await ask(owner, path, { range, "if-range": etag })).status).toBe(206);
  expect((await ask(owner, path, { range, "if-range": '"other"' })).status).toBe(200);
});

test("HEAD tells the same without the bytes", async () => {
  const { owner, path } = await uploaded();
  const head = await ask(owner, path, {}, "HEAD");
  const get = await ask(owner, path, {});
  expect(head.status).toBe(200);
  expect(await head.text()).toBe("");
  for (const name of ["content-length", "content-type", "etag", "last-modified"]) {
    expect(head.headers.get(name), name).toBe(get.headers.get(name));
  }
  const part = await ask(owner, path, { range: "bytes=0-3" }, "HEAD");
  expect([part.status, part.headers.get("content-length")]).toEqual([200, "10"]);
});

test("no other method is known, and no other address", async () => {
  const { owner, path } = await uploaded();
  for (const method of ["POST", "PUT", "DELETE"]) {
    const response = await ask(owner, path, {}, method);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await refusalOf(response)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  }
  for (const other of [
    `/files/${newId()}`,
    "/files/",
    "/files/x",
    `${path}/thumbnail`,
    `${path}%2F..`,
  ]) {
    expect((await ask(owner, other, {})).status, other).toBe(404);
  }
});

test("a picture without a thumbnail is its own", async () => {
  const owner = await callerFor("owner");
  const plain = await upload(owner, png(3, 3), "a.png");
  const small = await upload(owner, png(9, 9), "b.png", { thumbnail: webp(2, 2) });
  const sizes = await Promise.all(
    [plain, small].map(async ({ id }) => {
      const response = await ask(owner, `/files/${id}?size=thumbnail`, {});
      const { byteLength } = await response.arrayBuffer();
      return [byteLength, response.headers.get("content-type")];
    }),
  );
  expect(sizes).toEqual([
    [plain.bytes, "image/png"],
    [webp(2, 2).length, "image/webp"],
  ]);
});

test("a row whose bytes are gone is a 404, and the operator is told", async () => {
  const { owner, file, path } = await uploaded();
  await env.FILES.delete(`uploads/${file.id}`);
  expect((await ask(owner, path, {})).status).toBe(404);
  expect(takeErrors().map(({ event }) => event)).toEqual(["files.object_missing"]);
});

test("a program reads with the scope for it, and no further than its user", async () => {
  const { owner, path } = await uploaded();
  const admin = await callerFor("admin");
  const tokenFor = async (caller: Caller, scopes: ("chats:read" | "streams")[]) => {
    const { token } = await caller.api.account.tokens.create.mutate({
      name: "a program",
      scopes,
      expiresInDays: null,
    });
    return createClient({ token });
  };
  expect((await (await tokenFor(owner, ["chats:read"])).fetch(path)).status).toBe(200);
  expect((await (await tokenFor(owner, ["streams"])).fetch(path)).status).toBe(404);
  expect((await (await tokenFor(admin, ["chats:read"])).fetch(path)).status).toBe(404);
});

test("a signature or any other parameter of the address opens no file without a login", async () => {
  const { path } = await uploaded();
  const expires = Date.now() + 60_000;
  for (const query of [
    `expires=${expires}&signature=${"0".repeat(64)}`,
    `expires=${expires}&signature=`,
    "size=thumbnail",
    "download",
  ]) {
    expect((await anonymous().fetch(`${path}?${query}`)).status, query).toBe(404);
  }
});

test("ranges of an empty file, and numbers beyond all files", () => {
  expect(parseRange("bytes=0-", 0)).toBe("unsatisfiable");
  expect(parseRange("bytes=99999999999999999999-", 10)).toBe("unsatisfiable");
  expect(parseRange("bytes=-", 10)).toBeNull();
  expect(parseRange(null, 10)).toBeNull();
});
