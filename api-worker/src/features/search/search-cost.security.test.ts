/** Attack: searches that cost more than others can spare. Work is counted, not timed. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { limits } from "../../contracts/limits.ts";
import { newId } from "../../platform/ids.ts";
import { Line } from "../../platform/line.ts";
import { searchObject } from "../../platform/search-object.ts";
import { SearchIndex, shelfBounds } from "./object/search-index.ts";
import { makeSnippet } from "./text/snippet.ts";
import { readTerms } from "./text/terms.ts";

const { searchesPerUserMax: userMax, searchesPerAddressMax: addressMax } = limits;

/** Searches so often at once. @returns how many were answered, and how the others were refused */
async function searchAtOnce(client: Pick<Caller, "api">, count: number) {
  const search = () => client.api.chats.search.query({ query: "walrus" });
  const calls = await Promise.allSettled(Array.from({ length: count }, search));
  const answered = calls.filter(({ status }) => status === "fulfilled").length;
  const refusals = calls.flatMap((call) => (call.status === "rejected" ? [call.reason.data] : []));
  return { answered, refusals };
}

const refusal = { errorCode: "RATE_LIMITED", httpStatus: 429, retryAfterSeconds: 1 };

test("of many searches of a user at once a few are answered, and the next ones again", async () => {
  const owner = await callerFor("owner");
  for (let round = 0; round < 2; round += 1) {
    const { answered, refusals } = await searchAtOnce(owner, 20);
    expect(answered).toBe(userMax);
    for (const one of refusals) expect(one).toMatchObject(refusal);
  }
});

test("searches whose reader has left free their places", async () => {
  const owner = await callerFor("owner");
  const reader = new AbortController();
  const { SEARCH } = env;
  const get = SEARCH.get.bind(SEARCH);
  let asked = 0;
  const spy = vi.spyOn(SEARCH, "get").mockImplementation((...args) => {
    asked += 1;
    if (asked === userMax) reader.abort();
    return get(...args);
  });
  const calls = Array.from({ length: userMax }, () =>
    owner.api.chats.search.query({ query: "walrus" }, { signal: reader.signal }),
  );
  const left = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
  spy.mockRestore();
  expect(left).toHaveLength(userMax);
  await vi.waitFor(
    async () => expect((await searchAtOnce(owner, userMax)).answered).toBe(userMax),
    { timeout: 5_000, interval: 100 },
  );
});

test("guests of one address share its searches; accounts there have their own", async () => {
  const address = "198.51.100.20";
  const guests = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const guest = anonymous({ address });
      await guest.api.auth.startGuest.mutate();
      return guest;
    }),
  );
  const owner = await callerFor("owner");
  const all = [...guests, owner].map((client) => searchAtOnce(client, userMax));
  const counts = (await Promise.all(all)).map(({ answered }) => answered);
  expect(counts.pop()).toBe(userMax);
  expect(counts.reduce((sum, count) => sum + count)).toBe(addressMax);
});

test("a user's object bounds the searches of all isolates together", async () => {
  const owner = await callerFor("owner");
  const stub = searchObject(env, owner.user.id);
  const searches = Array.from({ length: 8 }, () => stub.search(owner.user.id, []));
  const results = await Promise.all(searches);
  expect(results.filter((result) => result !== null)).toHaveLength(userMax);
  expect((await stub.search(owner.user.id, []))?.isComplete).toBe(true);
});

test("a line lets one call run at a time, and goes on after one that fails", async () => {
  const line = new Line(3);
  let running = 0;
  const call = async () => {
    running += 1;
    expect(running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    throw new Error("failed");
  };
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => line.pass(call)));
  expect(calls.map(({ status }) => status).sort()).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "rejected",
    "rejected",
  ]);
  expect(await line.pass(async () => 7)).toBe(7);
});

test("a snippet reads a long text as far as it is shown", () => {
  const text = "我想了解机器学习的基础知识。".repeat(7_000);
  const { pieces, dividedLength } = makeSnippet(text, readTerms("机器学习"));
  expect(pieces?.filter(({ isMatch }) => isMatch).length).toBeGreaterThan(5);
  expect(dividedLength).toBeLessThan(500);
});

test("a page whose texts must be read to their ends is shorter, and the pages have each hit once", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const text = `walrus ${"word ".repeat(19_990)} seal`;
    ids.push((await createMessage(owner.user, chat, { text })).id);
  }
  // Indexes all of them.
  while (!(await owner.api.chats.search.query({ query: "walrus" })).isComplete);
  const found: (string | null)[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page = await owner.api.chats.search.query({ query: "walrus seal", limit: 50, cursor });
    found.push(...page.items.map(({ messageId }) => messageId));
    // One text may begin within the bound and end beyond it.
    const dividedMax = 20 * limits.messageTextMaxLength + 100_000;
    expect(page.items.length).toBeLessThanOrEqual(dividedMax / 99_000);
    ({ nextCursor: cursor } = page);
    pages += 1;
  } while (cursor !== null);
  expect(pages).toBeGreaterThan(1);
  expect(found.sort()).toEqual(ids.sort());
});

const tableCount = ({ sql }: DurableObjectStorage) =>
  sql
    .exec<{ n: number }>(
      "SELECT count(*) AS n FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'",
    )
    .one().n;

const longest = "word ".repeat(20_000);

test("a common word is looked up in tables of few words, the newest first", async () => {
  const stub = searchObject(env, newId());
  await runInDurableObject(stub, (_, { storage }) => {
    const index = new SearchIndex(storage.sql);
    for (let number = 0; number < 60; number += 1) {
      index.put({ kind: "message", id: `m${number}`, chatId: "c" }, longest);
    }
    const window = { kind: "message", expression: '"word"', untilRowId: 1_000 } as const;
    const shelves = [...index.match({ ...window, limit: 100 })];
    expect(shelves.flatMap(({ matches }) => matches.map(({ id }) => id))).toEqual(
      Array.from({ length: 60 }, (_, number) => `m${59 - number}`),
    );
    expect(shelves.length).toBeGreaterThan(2);
    for (const { words } of shelves) expect(words).toBeLessThan(shelfBounds.words + 20_000);
    // Ten are in the newest table.
    expect([...index.match({ ...window, limit: 10 })]).toHaveLength(1);
  });
});

test("texts that come and go leave no tables behind", async () => {
  const stub = searchObject(env, newId());
  await runInDurableObject(stub, (_, { storage }) => {
    const index = new SearchIndex(storage.sql);
    const put = (id: string) => index.put({ kind: "message", id, chatId: id }, longest);
    for (let number = 0; number < 45; number += 1) put("same");
    expect(tableCount(storage)).toBe(1);
    for (let number = 0; number < 45; number += 1) put(`m${number}`);
    expect(tableCount(storage)).toBeGreaterThan(2);
    for (let number = 0; number < 45; number += 1) index.removeOfChat(`m${number}`, 10);
    expect(tableCount(storage)).toBeLessThan(3);
    index.put({ kind: "message", id: "last", chatId: "c" }, "one walrus");
    const window = { kind: "message", untilRowId: 1_000, limit: 5 } as const;
    const found = [...index.match({ ...window, expression: '"walrus"' })];
    expect(found.flatMap(({ matches }) => matches)).toMatchObject([{ id: "last" }]);
    index.clear();
    expect(tableCount(storage)).toBe(0);
  });
});

test("a refused search says what to do", async () => {
  const owner = await callerFor("owner");
  const calls = Array.from({ length: userMax }, () => owner.api.chats.search.query({ query: "a" }));
  const { message } = await errorOf(owner.api.chats.search.query({ query: "walrus" }));
  expect(message).toBe("Too many searches at once. Try again in a moment.");
  await Promise.all(calls);
});
