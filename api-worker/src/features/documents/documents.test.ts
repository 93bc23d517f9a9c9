import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { limits } from "../../contracts/limits.ts";
import { newId } from "../../platform/ids.ts";
import { runMaxMs } from "./queries.ts";

const startedAt = Date.UTC(2026, 10, 28);
let owner: Caller;

beforeEach(async () => {
  owner = await callerFor("owner");
});

/** Runs a function as if it were so many ms after the start. */
async function at<Result>(ms: number, run: () => Promise<Result>): Promise<Result> {
  vi.useFakeTimers({ toFake: ["Date"], now: startedAt + ms });
  try {
    return await run();
  } finally {
    vi.useRealTimers();
  }
}

const create = (content: string, key = newId()) =>
  owner.api.documents.create.mutate({ key, kind: "text", title: "A letter", content });

interface SaveFields {
  readonly saveId?: string;
  readonly runId?: string;
}

const save = (documentId: string, baseVersion: number, content: string, fields: SaveFields = {}) =>
  owner.api.documents.save.mutate({
    ...{ documentId, baseVersion, content, saveId: newId(), ...fields },
  });

const get = (documentId: string, version?: number) =>
  owner.api.documents.get.query({ documentId, version });

/** The contents of all versions, oldest first, by their numbers for people. */
async function contentsOf(documentId: string): Promise<string[]> {
  const { items } = await owner.api.documents.versions.query({ documentId });
  const all = await Promise.all(items.map(({ version }) => get(documentId, version)));
  return all.reverse().map(({ content, version }) => `${version.number}: ${content}`);
}

test("a document is created once for a key, and read", async () => {
  const key = newId();
  const [first, second] = await Promise.all([create("Dear Ada,", key), create("Dear Ada,", key)]);
  expect(second.id).toBe(first.id);
  expect((await owner.api.documents.list.query({})).items).toEqual([first]);
  const { document, version, content } = await get(first.id);
  expect(document).toMatchObject({ kind: "text", title: "A letter", version: 1, chatId: null });
  expect(version).toMatchObject({ version: 1, number: 1, author: "person", bytes: 9 });
  expect(content).toBe("Dear Ada,");
});

test("the same key of two users makes two documents", async () => {
  const key = newId();
  const { id } = await create("mine", key);
  const other = await callerFor("owner");
  const theirs = await other.api.documents.create.mutate({
    ...{ key, kind: "text", title: "Theirs", content: "theirs" },
  });
  expect(theirs.id).not.toBe(id);
  expect((await get(id)).content).toBe("mine");
});

test("each save is a version of its own, and all stay", async () => {
  const { id } = await create("one");
  expect(await save(id, 1, "two")).toMatchObject({ version: 2 });
  expect(await save(id, 2, "three")).toMatchObject({ version: 3 });
  expect(await contentsOf(id)).toEqual(["1: one", "2: two", "3: three"]);
});

test("saves of one run within five minutes are one version", async () => {
  const runId = newId();
  const { id } = await at(0, () => create("one"));
  await at(1, () => save(id, 1, "two", { runId }));
  await at(2, () => save(id, 2, "three", { runId }));
  const late = await at(runMaxMs, () => save(id, 3, "four", { runId }));
  expect(await contentsOf(id)).toEqual(["1: one", "2: four"]);
  await at(runMaxMs + 2, () => save(id, late.version, "five", { runId }));
  expect(await contentsOf(id)).toEqual(["1: one", "2: four", "3: five"]);
});

test("a run of another editor replaces nothing", async () => {
  const { id } = await create("one");
  await save(id, 1, "two", { runId: newId() });
  await save(id, 2, "three", { runId: newId() });
  await save(id, 3, "four");
  expect(await contentsOf(id)).toEqual(["1: one", "2: two", "3: three", "4: four"]);
});

test("a version that a message shows is never replaced", async () => {
  const runId = newId();
  const { id } = await create("one");
  await save(id, 1, "two", { runId });
  await env.CONTENT_0.prepare(
    "UPDATE documentVersions SET messageId = 'm' WHERE documentId = ? AND version = 2",
  )
    .bind(id)
    .run();
  await save(id, 2, "three", { runId });
  expect(await contentsOf(id)).toEqual(["1: one", "2: two", "3: three"]);
});

test("a save over a newer version is a conflict and changes nothing", async () => {
  const { id } = await create("one");
  await save(id, 1, "two");
  const error = await errorOf(save(id, 1, "my two"));
  expect(error.errorCode).toBe("CONFLICT");
  expect(await contentsOf(id)).toEqual(["1: one", "2: two"]);
});

test("of twenty saves of one version at once, one wins and the others are told", async () => {
  const { id } = await create("zero");
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => save(id, 1, `text ${index}`, { runId: newId() })),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await contentsOf(id)).toHaveLength(2);
});

test("a save that is sent again, because its response was lost, makes no second version", async () => {
  const { id } = await create("one");
  const saveId = newId();
  const saves = [1, 2, 3].map(() => save(id, 1, "two", { saveId }));
  expect(new Set((await Promise.all(saves)).map(({ version }) => version))).toEqual(new Set([2]));
  expect(await contentsOf(id)).toEqual(["1: one", "2: two"]);
});

test("content that is the newest already makes no version", async () => {
  const { id, updatedAt } = await create("one");
  expect(await save(id, 1, "one")).toMatchObject({ version: 1, updatedAt });
  expect(await contentsOf(id)).toEqual(["1: one"]);
});

test("restoring makes a new version, and a second press makes none", async () => {
  const { id } = await create("one");
  await save(id, 1, "two");
  const { restore } = owner.api.documents;
  const restored = await Promise.all(
    [1, 2].map(() => restore.mutate({ documentId: id, version: 1 })),
  );
  expect(restored.map(({ version }) => version)).toEqual([3, 3]);
  expect(await contentsOf(id)).toEqual(["1: one", "2: two", "3: one"]);
  expect((await get(id)).version).toMatchObject({ restoredFrom: 1, author: "person" });
  await save(id, 3, "four");
  expect(await contentsOf(id)).toEqual(["1: one", "2: two", "3: one", "4: four"]);
});

test("a version that isn’t there cannot be read or restored", async () => {
  const { id } = await create("one");
  expect((await errorOf(get(id, 7))).errorCode).toBe("NOT_FOUND");
  const restored = owner.api.documents.restore.mutate({ documentId: id, version: 7 });
  expect((await errorOf(restored)).errorCode).toBe("NOT_FOUND");
});

test("what comes back is what was saved, to the byte", async () => {
  const nasty =
    "\uFEFFline\r\nline\rline\u2028 \t$1 %s ' \" \\ \u{1F468}\u200D\u{1F469} é e\u0301\n\n";
  const { id } = await create("");
  await save(id, 1, nasty);
  expect((await get(id)).content).toBe(nasty);
});

test.each([
  ["half of a surrogate pair", "a\uD83D"],
  ["a NUL character", "a\0b"],
  ["more bytes than fit", "é".repeat(limits.documentMaxBytes / 2 + 1)],
])("content with %s is refused with a reason", async (_, content) => {
  const { id } = await create("one");
  const error = await errorOf(save(id, 1, content));
  expect(error).toMatchObject({ errorCode: "INVALID" });
  expect(error.message).toMatch(/text has|Documents can have/);
  expect(await contentsOf(id)).toEqual(["1: one"]);
});

test("the longest content is saved and read", async () => {
  const content = "x".repeat(limits.documentMaxBytes);
  const { id } = await create("one");
  await save(id, 1, content);
  expect((await get(id)).content.length).toBe(content.length);
});

test("versions and documents come page by page, newest first", async () => {
  const { id } = await create("one");
  for (const version of [1, 2, 3, 4]) await save(id, version, `${version}`);
  const numbers: number[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await owner.api.documents.versions.query({ documentId: id, limit: 2, cursor });
    numbers.push(...page.items.map(({ number }) => number));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(numbers).toEqual([5, 4, 3, 2, 1]);

  const { id: second } = await create("another");
  const first = await owner.api.documents.list.query({ limit: 1 });
  const rest = await owner.api.documents.list.query({ limit: 1, cursor: first.nextCursor });
  expect([first, rest].map(({ items }) => items[0]?.id)).toEqual([second, id]);
  expect(rest.nextCursor).toBeNull();
});

test("a document is renamed and deleted with all its versions", async () => {
  const { id } = await create("one");
  await save(id, 1, "two");
  const renamed = await owner.api.documents.rename.mutate({ documentId: id, title: " A novel " });
  expect(renamed).toMatchObject({ title: "A novel", version: 2 });
  await owner.api.documents.delete.mutate({ documentId: id });
  expect((await errorOf(get(id))).errorCode).toBe("NOT_FOUND");
  const { results } = await env.CONTENT_0.prepare(
    "SELECT count(*) AS n FROM documentVersions WHERE documentId = ?",
  )
    .bind(id)
    .all();
  expect(results).toEqual([{ n: 0 }]);
});

test("all versions count towards the storage until they are gone", async () => {
  const used = async () => (await owner.api.uploads.list.query({})).storage.usedBytes;
  const before = await used();
  const { id } = await create("x".repeat(1_000));
  await save(id, 1, "y".repeat(2_000));
  const title = "A letter".length;
  expect((await used()) - before).toBe(3_000 + title + 3 * 300);
  await owner.api.documents.rename.mutate({ documentId: id, title: "B" });
  expect((await used()) - before).toBe(3_000 + 1 + 3 * 300);
  await owner.api.documents.delete.mutate({ documentId: id });
  expect(await used()).toBe(before);
});
