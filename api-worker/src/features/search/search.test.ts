import { env } from "cloudflare:workers";
import { createContentDb, runBatch, sql } from "db";
import { expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { Dice } from "../../../test/dice.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import type { SearchHit } from "../../contracts/search.ts";
import { noteMessage, noteMovingChats } from "./note-changes.ts";

const content = createContentDb(env.CONTENT_0);

const search = async (caller: Caller, query: string, limit = 50): Promise<SearchHit[]> =>
  (await caller.api.chats.search.query({ query, limit })).items;

const idsOf = (hits: readonly SearchHit[]) => hits.map((hit) => hit.messageId ?? hit.chatId ?? "");

const marked = (hit: SearchHit | undefined) =>
  hit?.snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text);

/** An owner with one chat, whose messages have these texts. */
async function ownTexts(...texts: string[]) {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "untitled" });
  const ids: string[] = [];
  for (const text of texts) ids.push((await createMessage(owner.user, chat, { text })).id);
  return { owner, chat, ids };
}

test("a hit says where it is, and shows the text around the match with the match marked", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "About the sea" });
  const text = `${"Long before it. ".repeat(20)}The octopus has three hearts. ${"Long after. ".repeat(40)}`;
  const answer = await createMessage(owner.user, chat, { text, role: "assistant" });
  const [hit] = await search(owner, "OCTOPUS hearts");
  expect(hit).toMatchObject({
    chatId: chat.id,
    title: "About the sea",
    messageId: answer.id,
    role: "assistant",
    time: answer.createdAt,
  });
  expect(marked(hit)).toEqual(["octopus", "hearts"]);
  const shown = hit?.snippet.map((piece) => piece.text).join("") ?? "";
  expect(shown).toMatch(/^….*The octopus has three hearts\. .*…$/);
  expect(shown.length).toBeLessThan(200);
});

test("a title weighs more than a message, however old, and a short text more than a long one", async () => {
  const owner = await callerFor("owner");
  const titled = await createChat(owner.user, { title: "Volcano", updatedAt: 1 });
  const chat = await createChat(owner.user, { title: "Other" });
  const long = await createMessage(owner.user, chat, {
    text: `volcano ${"and so on ".repeat(80)}`,
  });
  const short = await createMessage(owner.user, chat, { text: "A volcano" });
  expect(idsOf(await search(owner, "volcano"))).toEqual([titled.id, short.id, long.id]);
  const [hit] = await search(owner, "volcano");
  expect(hit).toMatchObject({ messageId: null, role: null, time: 1 });
  expect(hit?.snippet).toEqual([{ text: "Volcano", isMatch: true }]);
});

test("all words have to be there; the last one may be unfinished, the others not", async () => {
  const { owner, ids } = await ownTexts("red apples", "red pears", "green apples");
  expect(idsOf(await search(owner, "red app"))).toEqual([ids[0]]);
  expect(marked((await search(owner, "red app"))[0])).toEqual(["red", "apples"]);
  expect(await search(owner, "app red")).toEqual([]);
  expect(idsOf(await search(owner, "appl")).sort()).toEqual([ids[0], ids[2]].sort());
});

test.each([
  ["cafe creme", "Un café crème, s'il vous plaît", ["café", "crème"]],
  ["CAFÉ", "Un cafe noir", ["cafe"]],
  ["zażół", "Zażółć gęślą jaźń", ["Zażółć"]],
  ["Ελλη", "Τα ελληνικά", ["ελληνικά"]],
  ["привет", "Ну, ПРИВЕТ!", ["ПРИВЕТ"]],
  ["nguyen", "Nguyễn", ["Nguyễn"]],
])("accents and case do not matter: %s finds %s", async (query, text, marks) => {
  const { owner, ids } = await ownTexts(text, "something else");
  const hits = await search(owner, query);
  expect(idsOf(hits)).toEqual([ids[0]]);
  expect(marked(hits[0])).toEqual(marks);
});

test.each([
  ["東京", "私は東京都に住んでいます。", "京東で買った", "東京"],
  ["住", "私は東京都に住んでいます。", "二つ目", "住"],
  ["ラーメン", "美味しいラーメンを食べた", "ラー油", "ラーメン"],
  ["机器学习", "我想了解机器学习的基础", "学习机器", "机器学习"],
  ["한국", "저는 한국어를 공부해요", "국한", "한국"],
  ["手机", "我的iPhone手机很好", "手 和 机", "手机"],
])(
  "in Chinese, Japanese and Korean any part is found: %s in %s",
  async (query, text, other, mark) => {
    const { owner, ids } = await ownTexts(text, other === "手 和 机" ? "别的" : other);
    const hits = await search(owner, query);
    expect(idsOf(hits)).toEqual([ids[0]]);
    expect(marked(hits[0])).toEqual([mark]);
  },
);

test("words are found next to signs of any kind", async () => {
  const signs = [
    "**",
    "`",
    "→",
    "“",
    "—",
    "🎉",
    "✨",
    "（",
    "。",
    "/",
    "_",
    "'",
    "\n",
    "¿",
    "❯",
    "©",
  ];
  const { owner, ids } = await ownTexts(...signs.map((sign) => `one${sign}needle${sign}two`));
  expect(idsOf(await search(owner, "needle")).sort()).toEqual([...ids].sort());
});

test.each([
  '"',
  '"needle',
  "needle*",
  "*",
  "needle AND",
  "NEAR(needle haystack)",
  "words:needle",
  "needle OR other",
  "NOT needle",
  "-needle",
  "^needle",
  "(needle",
  "{words}: needle",
  "needle + other",
  "\u0001needle",
  "'; DROP TABLE chats; --",
  "%",
  "b1xneedle",
  "\u0000",
  "\ud800",
  "😀",
  "",
  "   ",
  "ne\u0301edle".repeat(90),
  Array.from({ length: 300 }, (_, index) => `w${index}`)
    .join(" ")
    .slice(0, 1_000),
  "x".repeat(1_000),
  "東".repeat(1_000),
])("nothing in a query is an operator or an error (%#)", async (query) => {
  const { owner } = await ownTexts("haystack alone", "needle near and or not words");
  const hits = await search(owner, query);
  for (const hit of hits) expect(hit.snippet.map(({ text }) => text).join("")).toContain("needle");
});

test("operators are words like others", async () => {
  const { owner, ids } = await ownTexts("salt and pepper", "salt or sugar");
  expect(idsOf(await search(owner, "salt OR sugar"))).toEqual([ids[1]]);
  expect(await search(owner, "pepper NOT salt")).toEqual([]);
  expect(idsOf(await search(owner, '"pepper salt"'))).toEqual([ids[0]]);
});

test("a user without chats finds nothing", async () => {
  expect(await search(await callerFor("owner"), "anything")).toEqual([]);
});

test("what is too long to be a query is refused", async () => {
  const owner = await callerFor("owner");
  const error = await errorOf(owner.api.chats.search.query({ query: "x".repeat(1_001) }));
  expect(error.errorCode).toBe("INVALID");
});

test("the index follows: a new title, an answer that ends, a text that changes, a deleted chat", async () => {
  const { owner, chat } = await ownTexts("first question");
  await owner.api.chats.rename.mutate({ chatId: chat.id, title: "Walrus" });
  expect(idsOf(await search(owner, "walrus"))).toEqual([chat.id]);
  expect(await search(owner, "untitled")).toEqual([]);

  const answer = await createMessage(owner.user, chat, {
    role: "assistant",
    status: "streaming",
    text: "halfway",
  });
  expect(await search(owner, "halfway")).toEqual([]);
  const update = (fields: { parts?: string; status?: "complete" | "streaming" }) =>
    runBatch(content, [
      content.kysely
        .updateTable("messages")
        .set(fields)
        .where("userId", "=", owner.user.id)
        .where("id", "=", answer.id),
      noteMessage(answer),
    ]);
  const parts = (text: string) =>
    JSON.stringify([
      { type: "reasoning", text: "pondering" },
      { type: "text", text },
      { type: "text", text: "appendix" },
    ]);
  await update({ parts: parts("finished"), status: "complete" });
  expect(idsOf(await search(owner, "finished appendix"))).toEqual([answer.id]);
  expect(await search(owner, "pondering")).toEqual([]);
  await update({ status: "streaming" });
  expect(await search(owner, "finished")).toEqual([]);
  await update({ parts: parts("continued"), status: "complete" });
  expect(idsOf(await search(owner, "continued"))).toEqual([answer.id]);

  await owner.api.chats.delete.mutate({ chatId: chat.id });
  for (const word of ["walrus", "continued", "question"]) {
    expect(await search(owner, word)).toEqual([]);
  }
});

test("a chat that changes its owner is found by the new one alone", async () => {
  const { owner, chat, ids } = await ownTexts("carried over");
  const heir = await callerFor("anotherUser");
  const move = { userId: heir.user.id };
  await runBatch(content, [
    sql`PRAGMA defer_foreign_keys = on`,
    noteMovingChats(owner.user.id, heir.user.id),
    content.kysely.updateTable("chats").set(move).where("userId", "=", owner.user.id),
    content.kysely.updateTable("messages").set(move).where("userId", "=", owner.user.id),
  ]);
  expect(await search(owner, "carried")).toEqual([]);
  expect(idsOf(await search(heir, "carried"))).toEqual(ids);
  expect(idsOf(await search(heir, "untitled"))).toEqual([chat.id]);
});

test("pages give each hit once, also past what is ranked at once", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "common" });
  const count = 450;
  await env.CONTENT_0.prepare(
    `INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt)
     SELECT ?1, ?2 || value, ?2, 'user',
       json_array(json_object('type', 'text', 'text', 'common' || substr(' word word word', 1, 5 * (value % 4)))),
       'complete', value
     FROM json_each(?3)`,
  )
    .bind(owner.user.id, chat.id, JSON.stringify(Array.from({ length: count }, (_, i) => i)))
    .run();
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof owner.api.chats.search.query>> =
      await owner.api.chats.search.query({ query: "common", limit: 40, cursor });
    seen.push(...idsOf(page.items));
    cursor = page.nextCursor;
  } while (cursor !== null && seen.length < 1_000);
  expect(seen[0]).toBe(chat.id);
  expect(seen).toHaveLength(count + 1);
  expect(new Set(seen).size).toBe(count + 1);
});

test.each([1, 2, 3])(
  "two users never find each other's, and each finds all the own (%i)",
  async (seed) => {
    const dice = new Dice(seed);
    const vocabulary = [
      "sea",
      "seal",
      "sealing",
      "wax",
      "東京",
      "京都",
      "café",
      "x1",
      "b2x",
      "the",
    ] as const;
    const pick = () => dice.pick(vocabulary);
    const sharedId = crypto.randomUUID();
    const users = [];
    for (const _ of [0, 1]) {
      const caller = await callerAs(await createUser());
      // Both have a chat and messages of the same ids.
      const chat = await createChat(caller.user, { id: sharedId, title: pick() });
      const texts = new Map<string, string>();
      for (let index = 0; index < 40; index++) {
        const text = dice.list(1, 4, pick).join(" ");
        const { id } = await createMessage(caller.user, chat, { id: `m${index}`, text });
        texts.set(id, text);
      }
      users.push({ caller, texts, title: chat.title });
    }
    for (let round = 0; round < 15; round++) {
      const words: string[] = dice.list(1, 2, pick);
      const last = words.at(-1) ?? "";
      const prefix = last.slice(0, 2);
      const query = [...words.slice(0, -1), prefix].join(" ");
      for (const { caller, texts, title } of users) {
        const has = (text: string) => {
          const own = text.split(" ");
          return (
            words.slice(0, -1).every((word) => own.includes(word)) &&
            own.some((word) => word.startsWith(prefix))
          );
        };
        const expected = [...texts].filter(([, text]) => has(text)).map(([id]) => id);
        if (has(title)) expected.push(sharedId);
        expect(idsOf(await search(caller, query)).sort()).toEqual(expected.sort());
      }
    }
  },
);
