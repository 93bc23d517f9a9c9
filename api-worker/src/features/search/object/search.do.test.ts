import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { runCron } from "../../../../test/cron.ts";
import { createChat, createMessage } from "../../../../test/factories.ts";
import { setSearchFaults } from "../../../../test/faults.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { ownerContext } from "../../../owner-context.ts";
import { createLogger } from "../../../platform/log.ts";
import { searchObject } from "../../../platform/search-object.ts";
import { deleteContent } from "../../deletion/delete-content.ts";
import { wordsVersion } from "./catch-up.ts";

const stubOf = ({ user }: Caller) => searchObject(env, user.id);

async function search(caller: Caller, query: string) {
  const { items, isComplete } = await caller.api.chats.search.query({ query, limit: 50 });
  return { ids: items.map((hit) => hit.messageId ?? hit.chatId ?? ""), isComplete };
}

/** Searches until the index says that it is complete. */
async function searchComplete(caller: Caller, query: string): Promise<string[]> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { ids, isComplete } = await search(caller, query);
    if (isComplete) return ids;
  }
  throw new Error("The index is never complete.");
}

/** The rows of all tables of a search object, FTS5's own included. */
function rowsOf(caller: Caller): Promise<Record<string, number>> {
  return runInDurableObject(stubOf(caller), (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("_cf_"));
    return Object.fromEntries(
      tables.map((name) => [
        name,
        sql.exec<{ n: number }>(`SELECT count(*) AS n FROM "${name}"`).one().n,
      ]),
    );
  });
}

function waitingChanges(caller: Caller) {
  return env.CONTENT_0.prepare("SELECT scope FROM searchChanges WHERE userId = ?")
    .bind(caller.user.id)
    .all<{ scope: string }>()
    .then(({ results }) => results.map(({ scope }) => scope));
}

/** An owner with chats whose messages have the given text, each with its number. */
async function withMessages(chatCount: number, messageCount: number, text = "walrus") {
  const owner = await callerFor("owner");
  const ids: string[] = [];
  for (let chatNumber = 0; chatNumber < chatCount; chatNumber += 1) {
    const chat = await createChat(owner.user, { title: `Chat ${chatNumber}` });
    for (let number = 0; number < messageCount; number += 1) {
      const message = await createMessage(owner.user, chat, { text: `${text} number${number}` });
      ids.push(message.id);
    }
  }
  return { owner, ids };
}

test("changes leave D1 once the index has them, and an object that was told indexes by itself", async () => {
  const { owner, ids } = await withMessages(1, 2);
  expect(await waitingChanges(owner)).toHaveLength(3);
  await stubOf(owner).wake(owner.user.id);
  expect(await runDurableObjectAlarm(stubOf(owner))).toBe(true);
  expect(await waitingChanges(owner)).toEqual([]);
  expect((await rowsOf(owner)).entries).toBe(3);
  expect((await search(owner, "walrus")).ids.sort()).toEqual([...ids].sort());
});

test("the cron wakes an object that was not told", async () => {
  const { owner } = await withMessages(1, 1);
  await runCron();
  await expect
    .poll(() => runInDurableObject(stubOf(owner), (_, { storage }) => storage.getAlarm()))
    .not.toBeNull();
  await runDurableObjectAlarm(stubOf(owner));
  expect(await waitingChanges(owner)).toEqual([]);
});

test("an index that is lost answers from what it has, and is complete soon", async () => {
  const { owner, ids } = await withMessages(30, 1);
  expect(await searchComplete(owner, "walrus")).toHaveLength(30);
  await runInDurableObject(stubOf(owner), async (_, state) => {
    await state.storage.deleteAll();
    state.abort("lost");
  }).catch(() => undefined);
  const first = await search(owner, "walrus");
  expect(first.isComplete).toBe(false);
  expect(ids).toEqual(expect.arrayContaining(first.ids));
  // Each alarm sets the next, until there is nothing left to do.
  while (await runDurableObjectAlarm(stubOf(owner)));
  const last = await search(owner, "walrus");
  expect(last.isComplete).toBe(true);
  expect([...last.ids].sort()).toEqual([...ids].sort());
});

test("an index of another version of words is built anew", async () => {
  const { owner, ids } = await withMessages(1, 3);
  await searchComplete(owner, "walrus");
  await runInDurableObject(stubOf(owner), (_, state) => {
    const put = "UPDATE state SET value = ? WHERE key = 'wordsVersion'";
    state.storage.sql.exec(put, String(wordsVersion - 1));
    // Had nothing been done, this would show.
    state.storage.sql.exec("UPDATE entries SET id = 'x' || id");
    void state.storage.sync().then(() => state.abort("restart"));
  });
  await expect
    .poll(() => searchComplete(owner, "walrus").then((found) => found.sort()))
    .toEqual([...ids].sort());
});

test("an index that is asked for is built anew, and D1 tells how far it is", async () => {
  const { owner, ids } = await withMessages(20, 2);
  await searchComplete(owner, "walrus");
  await env.CONTENT_0.prepare(
    "INSERT INTO searchChanges (userId, chatId, scope) VALUES (?, '', 'all')",
  )
    .bind(owner.user.id)
    .run();
  const first = await search(owner, "walrus");
  expect(first.isComplete).toBe(false);
  expect(await waitingChanges(owner)).toEqual(["building"]);
  expect((await searchComplete(owner, "walrus")).sort()).toEqual([...ids].sort());
  expect(await waitingChanges(owner)).toEqual([]);
});

test("a chat of many and of long messages is read in pages", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "Long" });
  const long = `${"word ".repeat(40_000)}end`;
  for (let number = 0; number < 6; number += 1) {
    await createMessage(owner.user, chat, { text: `${number} ${long} walrus` });
  }
  const texts = Array.from({ length: 450 }, (_, index) => `seal ${index}`);
  await env.CONTENT_0.prepare(
    `INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt)
     SELECT ?1, ?2 || key, ?2, 'user', json_array(json_object('type', 'text', 'text', value)),
       'complete', 7 FROM json_each(?3)`,
  )
    .bind(owner.user.id, chat.id, JSON.stringify(texts))
    .run();
  await env.CONTENT_0.prepare("DELETE FROM searchChanges").run();
  // What is beyond the bound of a text is not found, and nothing else is lost.
  expect(await searchComplete(owner, "walrus")).toEqual([]);
  expect((await rowsOf(owner)).entries).toBe(457);
  expect(await searchComplete(owner, "seal 449")).toHaveLength(1);
});

test.each(["fail", "fail-after", "crash", "crash-after"] as const)(
  "a step that ends by %s is done again",
  async (fate) => {
    const { owner, ids } = await withMessages(2, 3);
    for (let at = 0; at < 8; at += 1) {
      let step = 0;
      setSearchFaults(owner.user.id, {
        decide: () => {
          step += 1;
          return step === at + 1 ? fate : undefined;
        },
      });
      const chat = await createChat(owner.user, { title: "walrus" });
      ids.push(chat.id);
      await search(owner, "walrus").catch(() => undefined);
    }
    setSearchFaults(owner.user.id, undefined);
    expect((await searchComplete(owner, "walrus")).sort()).toEqual([...ids].sort());
    expect((await rowsOf(owner)).entries).toBe(ids.length + 2);
    takeErrors();
  },
);

test("one alarm makes at most 50 queries, which the Free plan allows", async () => {
  const { owner } = await withMessages(40, 1);
  await env.CONTENT_0.prepare("DELETE FROM searchChanges WHERE userId = ?")
    .bind(owner.user.id)
    .run();
  let queries = 0;
  setSearchFaults(owner.user.id, {
    decide: (step, _, count) => {
      if (step === "d1") queries += count;
      return undefined;
    },
  });
  await stubOf(owner).wake(owner.user.id);
  await runDurableObjectAlarm(stubOf(owner));
  setSearchFaults(owner.user.id, undefined);
  // With the user's row in the home database.
  expect(queries + 1).toBeLessThanOrEqual(50);
  expect(queries).toBeGreaterThan(20);
  expect((await rowsOf(owner)).entries).toBeLessThan(80);
  expect(await searchComplete(owner, "walrus")).toHaveLength(40);
});

test("while D1 does not answer the object, it searches what it has", async () => {
  const { owner, ids } = await withMessages(1, 2);
  await searchComplete(owner, "walrus");
  setSearchFaults(owner.user.id, { decide: (step) => (step === "d1" ? "fail" : undefined) });
  const { ids: found, isComplete } = await search(owner, "walrus");
  expect(isComplete).toBe(false);
  expect(found.sort()).toEqual(ids.sort());
  setSearchFaults(owner.user.id, undefined);
  expect(takeErrors().map(({ event }) => event)).toContain("search.catch_up_failed");
});

test("a hit that D1 does not have any more is not shown, even before the index knows", async () => {
  const { owner, ids } = await withMessages(1, 2);
  await searchComplete(owner, "walrus");
  await env.CONTENT_0.prepare("DELETE FROM messages WHERE id = ?").bind(ids[0]).run();
  expect((await search(owner, "walrus")).ids).toEqual([ids[1]]);
});

test("deleting all chats leaves no entry, and deleting the person leaves nothing", async () => {
  const { owner } = await withMessages(60, 2);
  const { owner: other } = await withMessages(2, 2);
  await searchComplete(owner, "walrus");
  await searchComplete(other, "walrus");
  const others = await rowsOf(other);
  await owner.api.chats.deleteAll.mutate();
  expect(await searchComplete(owner, "walrus")).toEqual([]);
  const { entries, chatsToRead, ...rest } = await rowsOf(owner);
  expect([entries, chatsToRead]).toEqual([0, 0]);
  for (const [table, count] of Object.entries(rest)) {
    if (/^(title|message)\d+(_docsize)?$/.test(table)) expect(count, table).toBe(0);
  }

  const { owner: gone } = await withMessages(3, 2);
  await searchComplete(gone, "walrus");
  const context = { env, home: createHomeDb(env.HOME), log: createLogger() };
  await deleteContent(ownerContext(context, { userId: gone.user.id, contentShard: 0 }));
  expect(await rowsOf(gone)).toEqual({});
  const keys = await runInDurableObject(stubOf(gone), (_, { storage }) => [...storage.kv.list()]);
  expect(keys).toEqual([]);
  expect(await rowsOf(other)).toEqual(others);
});

test("an object whose user is gone deletes what it has", async () => {
  const { owner } = await withMessages(1, 1);
  await searchComplete(owner, "walrus");
  await env.HOME.prepare("DELETE FROM users WHERE id = ?").bind(owner.user.id).run();
  await stubOf(owner).wake(owner.user.id);
  await runDurableObjectAlarm(stubOf(owner));
  expect(await rowsOf(owner)).toEqual({});
  const kept = await runInDurableObject(stubOf(owner), (_, { storage }) =>
    storage.kv.get("userId"),
  );
  expect(kept).toBeUndefined();
});
