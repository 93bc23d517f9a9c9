/** Attack: parts of an import that no reader can show, which broke the chat and its share page. */
import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { expect, test } from "vitest";
import { anonymous, callerFor } from "../../../test/callers.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { ask, chunksOf, endOf } from "../../../test/turns.ts";

const call = { type: "tool-getWeather", toolCallId: "call", input: {} };
const malformed: Record<string, unknown> = {
  "a text that is none": { type: "text", text: { toString: 1 } },
  "a text in a state of its own": { type: "text", text: "hi", state: { a: 1 } },
  "metadata that is none": { type: "reasoning", text: "hm", providerMetadata: "alleato" },
  "metadata of a provider that is none": {
    type: "reasoning",
    text: "hm",
    providerMetadata: { alleato: 1 },
  },
  "a file with an object as its name": {
    type: "file",
    url: "/files/x",
    mediaType: "image/png",
    filename: {},
  },
  "a file of a type that is none": { type: "file", url: "/files/x", mediaType: 7 },
  "a file that is a script": { type: "file", url: "javascript:alert(1)", mediaType: "image/png" },
  "a question without an approval": { ...call, state: "approval-requested" },
  "an approval without an answer": { ...call, state: "approval-responded", approval: { id: "a" } },
  "a failure that is an object": { ...call, state: "output-error", errorText: {} },
  "a call in an unknown state": { ...call, state: "done" },
  "a call without a state": call,
  "a call with a number as its id": { ...call, toolCallId: 1, state: "output-denied" },
  "a dynamic call without a name": { ...call, type: "dynamic-tool", state: "output-denied" },
  "notes that are none": { type: "data-file-notes", data: { notes: "one" } },
  "a restart that is counted in words": { type: "data-restart", data: { count: "once" } },
  "a link that is a script": {
    type: "data-foreign-file",
    data: { filename: "a", url: "javascript:alert(1)" },
  },
  "a part that carries other parts": {
    type: "steering-message",
    id: "s",
    parts: [{ type: "file", url: "https://files.example/a.png", mediaType: "image/png" }],
  },
  "a thought with an address": {
    type: "reasoning-file",
    mediaType: "image/png",
    url: "https://files.example/a.png",
  },
  "an unknown kind": { type: "script", text: "alert(1)" },
  "a kind of every object": { type: "toString" },
  "a part without a kind": { text: "hi" },
  "no part": null,
};
const cases = Object.entries(malformed);
const text = (value: string) => ({ type: "text", text: value });

test.each(cases)(
  "an import with %s is refused in a sentence, and the other chats come",
  async (_, part) => {
    const owner = await callerFor("owner");
    const broken = oneChat([oneMessage({ parts: [text("before"), part] })]);
    const { imported, failures } = await owner.api.chats.import.mutate({
      data: fileOf(broken, oneChat([oneMessage()])),
    });
    expect(imported.map(({ index }) => index)).toEqual([1]);
    expect(failures).toMatchObject([
      {
        index: 0,
        title: "From a file",
        message: expect.stringMatching(/^Message 1 contains|^messages\.0\.parts\.1/),
      },
    ]);
  },
);

test("fields that a part does not have are not imported", async () => {
  const owner = await callerFor("owner");
  const part = { type: "text", html: "<script>", text: "hi", state: "done", toString: 1 };
  const data = fileOf(oneChat([oneMessage({ parts: [part] })], { currentMessageId: "m1" }));
  const { imported } = await owner.api.chats.import.mutate({ data });
  const rows = await createContentDb(env.CONTENT_0)
    .kysely.selectFrom("messages")
    .select("parts")
    .where("chatId", "=", imported[0]?.chatId ?? "")
    .execute();
  expect(rows).toEqual([{ parts: '[{"type":"text","text":"hi","state":"done"}]' }]);
});

test("a stored chat with such parts is read, shared, copied, exported and continued without them", async () => {
  const owner = await callerFor("owner");
  const parts = JSON.stringify([text("before"), ...Object.values(malformed), text("after")]);
  const chat = await createChat(owner.user);
  const chatId = chat.id;
  const question = await createMessage(owner.user, chat, { parts, createdAt: 1 });
  const answer = { role: "assistant", parentId: question.id, parts, createdAt: 2 } as const;
  await createMessage(owner.user, chat, answer);
  const shown = [text("before"), text("after")];
  const expected = [{ parts: shown }, { parts: shown }];

  expect((await owner.api.messages.list.query({ chatId })).items).toMatchObject(expected);
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  expect((await anonymous().api.messages.list.query({ chatId })).items).toMatchObject(expected);
  const copy = await (await callerFor("anotherUser")).api.chats.fork.mutate({ chatId });
  expect(copy.title).toBe(chat.title);
  for (const format of ["markdown", "json"] as const) {
    const exported = await owner.api.chats.export.query({ chatId, format });
    expect(exported.text).toContain("after");
  }
  const { stream } = await ask(owner, "Go on.", chatId);
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
});

test.each(['{"type":"text"}', '"text"', "null", "7"])(
  "a row with %s as its parts is an empty message",
  async (parts) => {
    const owner = await callerFor("owner");
    const chat = await createChat(owner.user);
    await createMessage(owner.user, chat, { parts });
    const { items } = await owner.api.messages.list.query({ chatId: chat.id });
    expect(items).toMatchObject([{ parts: [] }]);
  },
);
