/** Chats that end in a question: imported ones, and those whose answer was lost. */
import { env } from "cloudflare:workers";
import { demoPassword } from "db/factories";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { modelTurnsOf } from "../../../test/model-calls.ts";
import { openStream } from "../../../test/stream.ts";
import { ask, chunksOf, endOf, question, textOf } from "../../../test/turns.ts";
import type { SendOutput } from "../../contracts/messages.ts";
import { newId } from "../../platform/ids.ts";

const { ACCOUNT_MESSAGES_PER_DAY } = env;
afterEach(() => {
  Object.assign(env, { ACCOUNT_MESSAGES_PER_DAY });
});

const usedBy = async ({ api }: Caller) => (await api.account.usage.query({})).today.messages.used;
const shown = async ({ api }: Caller, chatId: string) =>
  (await api.messages.list.query({ chatId })).items;

async function finish(caller: Caller, turn: SendOutput) {
  const chunks = chunksOf(await (await openStream(caller, turn)).rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  return textOf(chunks);
}

/** Imports messages as a chat that ends in the last of them. */
async function importedChat(caller: Caller, messages: readonly { id: string }[]) {
  const file = fileOf(oneChat(messages, { currentMessageId: messages.at(-1)?.id }));
  await caller.api.chats.import.mutate({ data: file });
  const [chat] = (await caller.api.chats.list.query({})).items;
  if (!chat) throw new Error("The import made no chat.");
  const items = await shown(caller, chat.id);
  return { chatId: chat.id, messageId: items.at(-1)?.id ?? "" };
}

const importedQuestion = (caller: Caller, text = "count to 3") =>
  importedChat(caller, [oneMessage({ parts: [{ type: "text", text }] })]);

/** A chat whose only answer was lost, with the object that wrote it. */
async function lostAnswer(caller: Caller) {
  const { chatId, input, stream, assistantMessageId } = await ask(caller, "count to 3");
  await stream.rest();
  const messageId = input.message.id;
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare("UPDATE chats SET currentMessageId = ? WHERE id = ?").bind(
      messageId,
      chatId,
    ),
    env.CONTENT_0.prepare("DELETE FROM messages WHERE id = ?").bind(assistantMessageId),
  ]);
  return { chatId, messageId };
}

/** A copy that the owner made of a public chat which ends in a question. */
async function forkedQuestion(caller: Caller) {
  const source = await callerAs(await createUser());
  const { chatId } = await importedQuestion(source);
  await source.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  const copy = await caller.api.chats.fork.mutate({ chatId });
  return { chatId: copy.id, messageId: (await shown(caller, copy.id)).at(-1)?.id ?? "" };
}

/** A chat that came from a guest, whose object keeps the guest's name. */
async function carriedQuestion(caller: Caller) {
  const guest = await callerAs(await createUser({ email: null }));
  const chat = await lostAnswer(guest);
  const credentials = { email: caller.user.email ?? "", password: demoPassword };
  await guest.api.auth.logIn.mutate(credentials);
  return chat;
}

const origins = { importedQuestion, lostAnswer, forkedQuestion, carriedQuestion };

test.each(Object.entries(origins))(
  "a question without an answer is answered: %s",
  async (_, make) => {
    const owner = await callerFor("owner");
    const chat = await make(owner);
    const used = await usedBy(owner);
    const turn = await owner.api.messages.regenerate.mutate({ ...chat, onlyIfLast: true });
    expect(await finish(owner, turn)).toBe("1 2 3");
    expect(await shown(owner, chat.chatId)).toMatchObject([
      { id: chat.messageId, role: "user" },
      { id: turn.assistantMessageId, role: "assistant", parentId: chat.messageId, siblingIds: [] },
    ]);
    expect(await usedBy(owner)).toBe(used + 1);
  },
);

test.each(Object.entries(origins))("a message follows a question: %s", async (_, make) => {
  const owner = await callerFor("owner");
  const { chatId, messageId } = await make(owner);
  for (const parentId of [undefined, messageId]) {
    const next = { ...question("count to 2", { chatId }), ...(parentId && { parentId }) };
    await finish(owner, await owner.api.messages.send.mutate(next));
    const items = await shown(owner, chatId);
    expect(items.map(({ role }) => role)).toEqual(["user", "user", "assistant"]);
    expect(items[1]).toMatchObject({ id: next.message.id, parentId: messageId });
    await owner.api.messages.selectBranch.mutate({ chatId, messageId });
    // The next one is another version of this one.
    if (parentId === undefined) await showQuestion(chatId, messageId);
  }
});

async function showQuestion(chatId: string, messageId: string): Promise<void> {
  await env.CONTENT_0.prepare("UPDATE chats SET currentMessageId = ? WHERE id = ?")
    .bind(messageId, chatId)
    .run();
}

test("an edit of a message that follows a question is another version of it", async () => {
  const owner = await callerFor("owner");
  const { chatId, messageId } = await importedQuestion(owner);
  const first = question("count to 2", { chatId });
  await finish(owner, await owner.api.messages.send.mutate(first));
  const edit = { ...question("count to 4", { chatId }), parentId: messageId };
  await finish(owner, await owner.api.messages.send.mutate(edit));
  const items = await shown(owner, chatId);
  expect(items[1]?.siblingIds).toEqual([first.message.id, edit.message.id]);
});

test("a message still follows the answer of a question that has one", async () => {
  const owner = await callerFor("owner");
  const { chatId, input, stream } = await ask(owner, "count to 2");
  await stream.rest();
  const next = { ...question("count to 3", { chatId }), parentId: input.message.id };
  const error = await errorOf(owner.api.messages.send.mutate(next));
  expect(error).toMatchObject({ errorCode: "INVALID" });
  expect(await shown(owner, chatId)).toHaveLength(2);
});

test("pressing Answer twice, in two tabs, or again after a lost response makes one answer", async () => {
  const owner = await callerFor("owner");
  const chat = await importedQuestion(owner, "count to 40");
  const used = await usedBy(owner);
  const calls = modelTurnsOf(owner.user.id);
  const wish = { ...chat, onlyIfLast: true };
  const [first, second, third] = await Promise.all([
    owner.api.messages.regenerate.mutate(wish),
    owner.api.messages.regenerate.mutate(wish),
    owner.api.messages.regenerate.mutate({ ...wish, modelId: "demo" }),
  ]);
  expect([second, third]).toEqual([first, first]);
  await finish(owner, first);
  expect(await owner.api.messages.regenerate.mutate(wish)).toEqual(first);
  expect(await shown(owner, chat.chatId)).toHaveLength(2);
  expect(await usedBy(owner)).toBe(used + 1);
  expect(modelTurnsOf(owner.user.id)).toBe(calls + 1);

  // Also when the answer is not the end of the chat any more.
  await (await ask(owner, "count to 2", chat.chatId)).stream.rest();
  expect(await owner.api.messages.regenerate.mutate(wish)).toEqual(first);
});

test("an answer that came with the import is not written again", async () => {
  const owner = await callerFor("owner");
  const answer = oneMessage({ id: "m2", parentId: "m1", role: "assistant", createdAt: 2 });
  const { chatId } = await importedChat(owner, [oneMessage(), answer]);
  const messageId = (await shown(owner, chatId))[0]?.id ?? "";
  const wish = { chatId, messageId, onlyIfLast: true };
  expect(await errorOf(owner.api.messages.regenerate.mutate(wish))).toMatchObject({
    errorCode: "INVALID",
  });
  // A file may show a question although it has an answer.
  await showQuestion(chatId, messageId);
  await finish(owner, await owner.api.messages.regenerate.mutate(wish));
  expect(await shown(owner, chatId)).toHaveLength(2);
});

test("answering a question counts against the day, and is refused when that is used up", async () => {
  const owner = await callerAs(await createUser());
  const chat = await importedQuestion(owner);
  env.ACCOUNT_MESSAGES_PER_DAY = "1";
  await (await ask(owner, "count to 1")).stream.rest();
  const error = await errorOf(owner.api.messages.regenerate.mutate({ ...chat, onlyIfLast: true }));
  expect(error).toMatchObject({ errorCode: "RATE_LIMITED" });
  expect(await shown(owner, chat.chatId)).toHaveLength(1);
  expect(modelTurnsOf(owner.user.id)).toBe(1);
});

test("another user's question is not answered, nor one of another chat", async () => {
  const owner = await callerFor("owner");
  const chat = await importedQuestion(owner);
  const other = await callerAs(await createUser());
  for (const [caller, wish] of [
    [other, chat],
    [owner, { ...chat, chatId: newId() }],
    [owner, { ...chat, messageId: newId() }],
  ] as const) {
    const error = await errorOf(
      caller.api.messages.regenerate.mutate({ ...wish, onlyIfLast: true }),
    );
    expect(error).toMatchObject({ errorCode: "NOT_FOUND" });
  }
});
