/** Measures `chats.search` for a user with 100,000 messages, beside another user with as many. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { test } from "vitest";
import { SearchIndex } from "../../src/features/search/object/search-index.ts";
import { searchObject } from "../../src/platform/search-object.ts";
import { type Caller, callerFor } from "../callers.ts";

const chatsEach = 2_000;
const messagesPerChat = 50;
const wordsPerMessage = 100;
const rounds = 25;

const queries = [
  "the",
  "the message",
  "mess",
  "th",
  "message the wo",
  "rare1711",
  "nowhere",
  "東京",
  "title",
];

/** Words distributed as in a language: few are frequent, many are rare. */
function makeWords(): () => string {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
  const letters = "etaoinshrdlucmfwypvbgk";
  const vocabulary = Array.from({ length: 20_000 }, () =>
    Array.from(
      { length: 2 + Math.floor(random() * 8) },
      () => letters[Math.floor(random() * letters.length)],
    ).join(""),
  );
  vocabulary.splice(0, 4, "the", "message", "messages", "東京都");
  return () => vocabulary[Math.floor(random() ** 3 * random() * vocabulary.length)] ?? "";
}

async function fill({ user }: Caller, word: () => string): Promise<void> {
  for (let chat = 0; chat < chatsEach; chat++) {
    const texts = Array.from({ length: messagesPerChat }, (_, index) => {
      const words = Array.from({ length: wordsPerMessage }, word);
      if (index === 0) words.push(`rare${chat}`);
      return words.join(" ");
    });
    await env.CONTENT_0.batch([
      env.CONTENT_0.prepare(
        "INSERT INTO chats (userId, id, title, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?)",
      ).bind(user.id, `c${chat}`, `title ${word()} ${word()}`, chat, chat),
      env.CONTENT_0.prepare(
        `INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt)
         SELECT ?1, ?2 || '-' || key, ?2, 'user',
           json_array(json_object('type', 'text', 'text', value)), 'complete', key
         FROM json_each(?3)`,
      ).bind(user.id, `c${chat}`, JSON.stringify(texts)),
    ]);
  }
}

/** Searches until the index has all that D1 has. */
async function buildIndex({ api }: Caller): Promise<void> {
  const startedAt = performance.now();
  let isComplete = false;
  while (!isComplete) ({ isComplete } = await api.chats.search.query({ query: "the" }));
  console.log(`indexed in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}

/** Counts the rows that the index writes for 2,000 messages, as a search object bills them. */
async function countRows({ user }: Caller, word: () => string): Promise<void> {
  const stub = env.SEARCH.get(env.SEARCH.newUniqueId());
  const bytes = await runInDurableObject(
    searchObject(env, user.id),
    (_, { storage }) => storage.sql.databaseSize,
  );
  const messages = chatsEach * messagesPerChat;
  console.log(`index of ${messages} messages: ${(bytes / 1e6).toFixed(1)} MB`);
  await runInDurableObject(stub, (_, { storage }) => {
    const cursors: SqlStorageCursor<never>[] = [];
    const sql = new Proxy(storage.sql, {
      get: (target, name) => {
        if (name !== "exec") return Reflect.get(target, name);
        return (...call: Parameters<SqlStorage["exec"]>) => {
          const cursor = target.exec(...call);
          cursors.push(cursor as never);
          return cursor;
        };
      },
    });
    const index = new SearchIndex(sql);
    cursors.length = 0;
    for (let number = 0; number < 2_000; number += 1) {
      const text = Array.from({ length: wordsPerMessage }, word).join(" ");
      index.put({ kind: "message", id: `m${number}`, chatId: "c" }, text);
    }
    const rows = cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
    console.log(`rows written for a message: ${(rows / 2_000).toFixed(1)}`);
  });
}

test("search in 100,000 messages, beside another user's 100,000", async () => {
  const word = makeWords();
  const callers = [await callerFor("owner"), await callerFor("anotherUser")] as const;
  const startedAt = performance.now();
  for (const caller of callers) await fill(caller, word);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`filled with ${2 * chatsEach * messagesPerChat} messages in ${seconds} s`);
  const [{ api }] = callers;
  for (const caller of callers) await buildIndex(caller);
  await countRows(callers[0], word);
  for (const query of queries) {
    const times: number[] = [];
    let hits = 0;
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      hits = (await api.chats.search.query({ query })).items.length;
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(0);
    console.log(
      `${query}: ${hits} hits, median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`,
    );
  }
});
