import { env } from "cloudflare:workers";
import { createContentDb, createHomeDb } from "db";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { limits } from "../../contracts/limits.ts";
import type { ExportedChat } from "../../contracts/transfer.ts";
import { newId } from "../../platform/ids.ts";

const content = createContentDb(env.CONTENT_0);

interface File {
  readonly text: string;
  readonly pieces: number;
  readonly fileName: string;
}

/** Exports a file and joins its pieces, as a client does. */
async function exportFile(
  caller: Caller,
  input: { chatId?: string; format: "json" | "markdown" },
): Promise<File> {
  let text = "";
  let pieces = 0;
  let cursor: string | null = null;
  for (;;) {
    const piece: Awaited<ReturnType<typeof caller.api.chats.export.query>> =
      await caller.api.chats.export.query({ ...input, cursor });
    text += piece.text;
    pieces += 1;
    cursor = piece.nextCursor;
    if (cursor === null) return { text, pieces, fileName: piece.fileName };
  }
}

/** The file with its ids replaced by numbers, in the order in which they appear. */
function withoutIds(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return `id-${number}`;
  });
}

const importText = (caller: Caller, text: string) =>
  caller.api.chats.import.mutate({ data: JSON.parse(text) });

/** A chat with branches, statuses, votes, tools and odd texts. */
async function richChat(caller: Caller, fields: { createdAt?: number } = {}) {
  const { user } = caller;
  const chat = await createChat(user, {
    title: 'A "rich" chat \\ with 東京 & 😀',
    titleSource: "owner",
    pinnedAt: 77,
    createdAt: 10,
    updatedAt: 90,
    ...fields,
  });
  const question = await createMessage(user, chat, {
    createdAt: 20,
    text: 'say "hi"\n\t\\ \u2028 é',
  });
  const answers = [];
  for (const status of ["complete", "stopped", "failed", "interrupted", "streaming"] as const) {
    const answer = await createMessage(user, chat, {
      role: "assistant",
      parentId: question.id,
      status,
      // The answers have the same time, and their order must be kept.
      createdAt: 30,
      finishedAt: 31,
      modelId: "some-model",
      inputTokens: 3,
      outputTokens: null,
      errorCode: status === "failed" ? "quota" : null,
      parts: JSON.stringify([
        {
          type: "reasoning",
          text: "thinking",
          providerMetadata: { a: { b: [1, 2.5, -0.001, null] } },
        },
        {
          type: "tool-weather",
          toolCallId: "c1",
          state: "output-available",
          input: {},
          output: { t: 1e21 },
        },
        { type: "text", text: `answer ${status} \ud83d\ude00` },
      ]),
    });
    answers.push(answer);
  }
  const edited = await createMessage(user, chat, { createdAt: 40, text: "edited" });
  const last = await createMessage(user, chat, {
    role: "assistant",
    parentId: edited.id,
    createdAt: 50,
    text: "last",
  });
  await caller.api.votes.set.mutate({ messageId: last.id, vote: "down" });
  await caller.api.votes.set.mutate({ messageId: answers[0]?.id ?? "", vote: "up" });
  return { chat, question, answers, edited, last };
}

test("a chat that is exported, imported and exported again gives the same file but for its ids", async () => {
  const owner = await callerFor("owner");
  const { chat } = await richChat(owner);
  const first = await exportFile(owner, { chatId: chat.id, format: "json" });
  const { imported, failures } = await importText(owner, first.text);
  expect(failures).toEqual([]);
  expect(imported).toMatchObject([{ index: 0, title: chat.title, messageCount: 8 }]);
  const copyId = imported[0]?.chatId ?? "";
  expect(copyId).not.toBe(chat.id);
  const second = await exportFile(owner, { chatId: copyId, format: "json" });
  expect(second.text).not.toBe(first.text);
  expect(withoutIds(second.text)).toBe(withoutIds(first.text));
  expect(first.fileName).toBe("A-rich-chat-with-東京.json");
});

test("an account's file has all chats and all their branches, and goes into another account", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  for (const createdAt of [1, 2, 3]) await richChat(owner, { createdAt });
  await createChat(owner.user, { title: "empty" });
  await createChat((await callerFor("anotherUser")).user, { title: "of a stranger" });
  const first = await exportFile(owner, { format: "json" });
  expect(first.text).not.toContain("stranger");
  expect(first.text).not.toContain(owner.user.id);
  expect((await importText(other, first.text)).failures).toEqual([]);
  const second = await exportFile(other, { format: "json" });
  expect(withoutIds(second.text)).toBe(withoutIds(first.text));
  expect((await other.api.chats.list.query({ pinned: true })).items).toHaveLength(3);
  // Each search brings the index up to date by some steps.
  await expect
    .poll(async () => (await other.api.chats.search.query({ query: "stopped" })).items)
    .toHaveLength(3);
  // A second import makes further copies.
  await importText(other, first.text);
  expect((await other.api.chats.list.query({})).items).toHaveLength(8);
});

test("an import that is sent again, or twice at once, brings its chats once", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const [chatId, messageId] = [newId(), newId()];
  const template = {
    Chat: [{ id: chatId, createdAt: 1, title: "Old" }],
    Message_v2: [{ id: messageId, chatId, role: "user", parts: [], createdAt: 2 }],
  };
  const own = fileOf(oneChat([oneMessage()]), "nonsense", oneChat([], { title: "Second" }));
  for (const data of [template, own]) {
    const input = { data, importId: newId() };
    const [first, twin] = await Promise.all([
      owner.api.chats.import.mutate(input),
      owner.api.chats.import.mutate(input),
    ]);
    expect(twin).toEqual(first);
    expect(await owner.api.chats.import.mutate(input)).toEqual(first);
    // Another user's import with the same id is independent.
    const theirs = await other.api.chats.import.mutate(input);
    expect(theirs.imported).toHaveLength(first.imported.length);
  }
  const titles = async (caller: Caller) =>
    (await caller.api.chats.list.query({})).items.map(({ title }) => title).sort();
  expect(await titles(owner)).toEqual(["From a file", "Old", "Second"]);
  expect(await titles(other)).toEqual(["From a file", "Old", "Second"]);
});

test("a long chat comes in pieces of about a megabyte, which make one file", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user);
  let parentId: string | null = null;
  for (let index = 0; index < 130; index++) {
    const text = `${index} ${"x".repeat(20_000)}`;
    parentId = (await createMessage(owner.user, chat, { parentId, text, createdAt: index })).id;
  }
  const json = await exportFile(owner, { chatId: chat.id, format: "json" });
  expect(json.pieces).toBe(3);
  const [exported] = JSON.parse(json.text).chats as ExportedChat[];
  expect(exported?.messages).toHaveLength(130);
  const markdown = await exportFile(owner, { chatId: chat.id, format: "markdown" });
  expect(markdown.pieces).toBe(3);
  const numbers = [...markdown.text.matchAll(/^(\d+) x/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 130 }, (_, index) => index));
  const { imported } = await importText(owner, json.text);
  expect(imported).toMatchObject([{ messageCount: 130 }]);
});

test("Markdown has the shown branch, with how an answer ended", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "Recipes" });
  const question = await createMessage(owner.user, chat, { text: "How?" });
  await createMessage(owner.user, chat, {
    role: "assistant",
    parentId: question.id,
    text: "Not so",
  });
  await createMessage(owner.user, chat, {
    role: "assistant",
    parentId: question.id,
    text: "Like **this**",
    status: "stopped",
  });
  const { text, fileName } = await exportFile(owner, { chatId: chat.id, format: "markdown" });
  expect(text).toBe(
    "# Recipes\n\n## Question\n\nHow?\n\n## Answer\n\nLike **this**\n\n*(stopped)*\n",
  );
  expect(fileName).toBe("Recipes.md");
  const all = await exportFile(owner, { format: "markdown" });
  expect(all).toMatchObject({ text, fileName: "chats.md" });
});

test("a new guest's import and copy stay with the guest", async () => {
  const owner = await callerFor("owner");
  const { chat } = await richChat(owner);
  await owner.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  const { text } = await exportFile(owner, { chatId: chat.id, format: "json" });
  for (const take of ["import", "fork"] as const) {
    const guest = anonymous();
    await guest.api.auth.startGuest.mutate();
    if (take === "import") await guest.api.chats.import.mutate({ data: JSON.parse(text) });
    else await guest.api.chats.fork.mutate({ chatId: chat.id });
    const { items } = await guest.api.chats.list.query({});
    expect(items.map(({ title }) => title)).toEqual([chat.title]);
    const me = await guest.api.auth.me.query();
    const rows = await createHomeDb(env.HOME)
      .kysely.selectFrom("users")
      .select("isGuest")
      .where("id", "=", me?.id ?? "")
      .execute();
    expect(rows).toEqual([{ isGuest: 1 }]);
  }
});

test("an imported chat is private, and goes on like any other", async () => {
  const owner = await callerFor("owner");
  const { chat } = await richChat(owner);
  await owner.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  const { text } = await exportFile(owner, { chatId: chat.id, format: "json" });
  const [copy] = (await importText(owner, text)).imported;
  const chatId = copy?.chatId ?? "";
  expect(await owner.api.chats.get.query({ chatId })).toMatchObject({ visibility: "private" });
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items.map(({ parts }) => parts)).toMatchObject([[{ text: "edited" }], [{ text: "last" }]]);
  expect((await owner.api.votes.list.query({ chatId })).items).toHaveLength(2);
});

test("what is wrong with a chat is told with its place, and the sound ones are imported", async () => {
  const owner = await callerFor("owner");
  const bad: [unknown, RegExp][] = [
    [
      oneChat([oneMessage({ parentId: "gone" })]),
      /^Message 1 refers to a missing parent message\.$/,
    ],
    [
      oneChat([oneMessage({ parentId: "m2" }), oneMessage({ id: "m2", parentId: "m1" })]),
      /^Its messages form a loop\.$/,
    ],
    [oneChat([oneMessage({ parentId: "m1" })]), /loop/],
    [oneChat([oneMessage(), oneMessage()]), /^Two messages have the same id\.$/],
    [oneChat([], { currentMessageId: "gone" }), /current message is missing/],
    [oneChat([oneMessage({ status: "streaming" })]), /^messages\.0\.status: /],
    [oneChat([oneMessage({ role: "system" })]), /^messages\.0\.role: /],
    [oneChat([oneMessage({ parts: "hi" })]), /^messages\.0\.parts: /],
    [oneChat([oneMessage({ createdAt: 1.5 })]), /^messages\.0\.createdAt: /],
    [
      oneChat([oneMessage({ parts: [{ type: "script" }] })]),
      /^Message 1 contains a part \("script"\)/,
    ],
    [oneChat([oneMessage({ parts: [{ type: "text" }] })]), /^Message 1 contains a part \("text"\)/],
    [
      oneChat([oneMessage({ parts: [{ type: "data-file-notes", data: { notes: "one" } }] })]),
      /^Message 1 contains a part \("data-file-notes"\)/,
    ],
    [
      oneChat([oneMessage({ parts: [{ type: "file", url: "javascript:alert(1)" }] })]),
      /^Message 1 contains a part \("file"\)/,
    ],
    [
      oneChat([oneMessage({ parts: [{ type: "text", text: "é".repeat(480_000) }] })]),
      /^Message 1 is too long/,
    ],
    ["nonsense", /expected object/],
    [null, /expected object/],
  ];
  const sound = oneChat([oneMessage(), oneMessage({ id: "m2", parentId: "m1" })]);
  const data = fileOf(sound, ...bad.map(([chat]) => chat), sound);
  const { imported, failures } = await owner.api.chats.import.mutate({ data });
  expect(imported.map(({ index }) => index)).toEqual([0, bad.length + 1]);
  expect(failures.map(({ index }) => index)).toEqual(bad.map((_, place) => place + 1));
  for (const [place, [, sentence]] of bad.entries()) {
    expect(failures[place]?.message).toMatch(sentence);
  }
  expect(failures[0]?.title).toBe("From a file");
  const rows = await content.kysely
    .selectFrom("messages")
    .select("id")
    .where("userId", "=", owner.user.id)
    .execute();
  expect(rows).toHaveLength(4);
});

test.each([
  ["nothing", null],
  ["a text", "hello"],
  ["another JSON", { some: "thing" }],
  ["an empty array", []],
  ["a newer version", { ...fileOf(), version: 2 }],
  ["no chats", { format: "alleato-chat", version: 1 }],
  ["too deep", fileOf(JSON.parse("[".repeat(200) + "]".repeat(200)))],
])("a file that cannot be read is refused as a whole: %s", async (_, data) => {
  const owner = await callerFor("owner");
  expect(await errorOf(owner.api.chats.import.mutate({ data }))).toMatchObject({
    errorCode: "INVALID",
  });
});

test("too many chats at once and too large a body are refused", async () => {
  const owner = await callerFor("owner");
  const chats = Array.from({ length: limits.importChatsMax + 1 }, () => oneChat([]));
  const many = errorOf(owner.api.chats.import.mutate({ data: fileOf(...chats) }));
  expect(await many).toMatchObject({
    errorCode: "TOO_LARGE",
    message: "You can import up to 200 chats at once. This file has 201.",
  });
  const response = await owner.fetch("/trpc/chats.import", {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": "16000001" },
    body: "x".repeat(16_000_001),
  });
  expect(response.status).toBe(413);
});

test("a chat of several megabytes and thousands of messages is imported whole", async () => {
  const owner = await callerFor("owner");
  const messages = Array.from({ length: 3_000 }, (_, index) =>
    oneMessage({
      id: `m${index}`,
      parentId: index === 0 ? null : `m${index - 1}`,
      role: index % 2 === 0 ? "user" : "assistant",
      parts: [{ type: "text", text: index === 7 ? '"'.repeat(400_000) : "word ".repeat(150) }],
    }),
  );
  const data = fileOf(oneChat(messages, { currentMessageId: "m2999" }));
  const { imported, failures } = await owner.api.chats.import.mutate({ data });
  expect(failures).toEqual([]);
  expect(imported).toMatchObject([{ messageCount: 3_000 }]);
});

test("ChatGPT's conversations keep their tree, without prompts of the system and calls of tools", async () => {
  const owner = await callerFor("owner");
  const node = (id: string, parent: string | null, message: object | null, children: string[]) => ({
    [id]: {
      id,
      parent,
      children,
      message: message && { id, status: "finished_successfully", weight: 1, ...message },
    },
  });
  const text = (role: string, content: string, fields: object = {}) => ({
    author: { role, name: null, metadata: {} },
    create_time: 1_700_000_000.5,
    content: { content_type: "text", parts: [content] },
    recipient: "all",
    metadata: role === "assistant" ? { model_slug: "gpt-4o" } : {},
    ...fields,
  });
  const data = [
    {
      id: "x",
      conversation_id: "x",
      title: "A talk",
      create_time: 1_700_000_000.25,
      update_time: 1_700_000_100,
      current_node: "a2b",
      mapping: {
        ...node("root", null, null, ["sys"]),
        ...node("sys", "root", text("system", ""), ["q1"]),
        ...node("q1", "sys", text("user", "first"), ["a1", "t1"]),
        ...node("a1", "q1", text("assistant", "one answer"), []),
        ...node(
          "t1",
          "q1",
          {
            ...text("assistant", ""),
            content: { content_type: "thoughts", thoughts: [{ summary: "hm", content: "hm" }] },
          },
          ["call"],
        ),
        ...node("call", "t1", text("assistant", "search()", { recipient: "web" }), ["result"]),
        ...node("result", "call", text("tool", "found"), ["a2"]),
        ...node("a2", "result", text("assistant", "another answer"), ["a2b"]),
        ...node("a2b", "a2", text("assistant", "and more"), ["q2"]),
        ...node(
          "q2",
          "a2b",
          {
            ...text("user", ""),
            content: {
              content_type: "multimodal_text",
              parts: [
                { content_type: "image_asset_pointer", asset_pointer: "file-service://x" },
                "look",
              ],
            },
          },
          [],
        ),
      },
    },
    { title: null, create_time: null, mapping: {}, current_node: null },
    { title: "broken", mapping: { a: { parent: "b" }, b: { parent: "a" } } },
  ];
  const { imported, failures } = await owner.api.chats.import.mutate({ data });
  expect(failures).toEqual([
    { kind: "chat", index: 2, title: "broken", message: "Its messages form a loop." },
  ]);
  expect(imported).toMatchObject([
    { title: "A talk", messageCount: 4 },
    { title: "Untitled", messageCount: 0 },
  ]);
  const chatId = imported[0]?.chatId ?? "";
  expect(await owner.api.chats.get.query({ chatId })).toMatchObject({
    createdAt: 1_700_000_000_250,
    updatedAt: 1_700_000_100_000,
  });
  const { text: json } = await exportFile(owner, { chatId, format: "json" });
  const [chat] = JSON.parse(json).chats as ExportedChat[];
  const texts = new Map(chat?.messages.map(({ id, parts }) => [id, parts.map(({ text }) => text)]));
  const tree = chat?.messages.map(({ id, parentId, role, modelId }) => [
    role,
    texts.get(id),
    parentId && texts.get(parentId),
    modelId,
  ]);
  expect(tree).toEqual([
    ["user", ["first"], null, null],
    ["assistant", ["one answer"], ["first"], "gpt-4o"],
    ["assistant", ["another answer", "and more"], ["first"], "gpt-4o"],
    ["user", ["*(an image)*\n\nlook"], ["another answer", "and more"], null],
  ]);
  expect(texts.get(chat?.currentMessageId ?? "")).toEqual(["another answer", "and more"]);
});

test("the template's tables keep their ids where these are free, with votes and order", async () => {
  const owner = await callerFor("owner");
  const [chatId, question, answer] = [newId(), newId(), newId()];
  const message = (id: string, role: string, createdAt: string) => ({
    id,
    chatId,
    role,
    parts: [{ type: "text", text: `of ${role}` }],
    attachments: [],
    createdAt,
  });
  const data = {
    Chat: [
      {
        id: chatId,
        createdAt: "2025-03-01T10:00:00.000Z",
        title: "Old",
        userId: newId(),
        visibility: "public",
      },
      { id: newId(), createdAt: "never", title: "No time", userId: newId(), visibility: "private" },
    ],
    Message_v2: [
      message(answer, "assistant", "2025-03-01 10:00:02.5"),
      message(question, "user", "2025-03-01T10:00:01.000Z"),
    ],
    Vote_v2: [{ chatId, messageId: answer, isUpvoted: false }],
  };
  const first = await owner.api.chats.import.mutate({ data });
  expect(first.imported).toEqual([{ index: 0, chatId, title: "Old", messageCount: 2 }]);
  expect(first.failures).toEqual([
    { kind: "chat", index: 1, title: "No time", message: "createdAt: This isn’t a valid time." },
  ]);
  expect(await owner.api.chats.get.query({ chatId })).toMatchObject({
    visibility: "private",
    createdAt: Date.UTC(2025, 2, 1, 10),
    updatedAt: Date.UTC(2025, 2, 1, 10, 0, 2, 500),
  });
  const { items } = await owner.api.messages.list.query({ chatId });
  expect(items.map(({ id, parentId }) => [id, parentId])).toEqual([
    [question, null],
    [answer, question],
  ]);
  expect((await owner.api.votes.list.query({ chatId })).items).toEqual([
    { messageId: answer, vote: "down" },
  ]);
  // The second time the ids are taken.
  const again = await owner.api.chats.import.mutate({ data });
  expect(again.imported).toMatchObject([{ index: 0, messageCount: 2 }]);
  expect(again.imported[0]?.chatId).not.toBe(chatId);
  // For another user the same ids are free.
  const other = await callerFor("anotherUser");
  expect((await other.api.chats.import.mutate({ data })).imported[0]?.chatId).toBe(chatId);
});
