import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { openStream, openSubscription } from "../../../test/stream.ts";
import { ask, chunksOf, endOf, question, readUntil, textOf } from "../../../test/turns.ts";
import type { SendOutput } from "../../contracts/messages.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { newId } from "../../platform/ids.ts";

/** A chat with one question and its answer. */
async function asked(text = "count to 3") {
  const owner = await callerFor("owner");
  const turn = await ask(owner, text);
  await turn.stream.rest();
  return { owner, questionId: turn.input.message.id, ...turn };
}

async function shown(owner: Caller, chatId: string) {
  return (await owner.api.messages.list.query({ chatId })).items;
}

async function finish(owner: Caller, turn: SendOutput) {
  return chunksOf(await (await openStream(owner, turn)).rest());
}

test("an edited message is a sibling: the earlier one stays, with all that followed it", async () => {
  const { owner, chatId, questionId, assistantMessageId } = await asked();
  const follow = await ask(owner, "count to 4", chatId);
  await follow.stream.rest();
  const before = await shown(owner, chatId);

  // An edit of the first message, which has no parent.
  const edited = { ...question("count to 5", { chatId }), parentId: null };
  await finish(owner, await owner.api.messages.send.mutate(edited));
  const after = await shown(owner, chatId);
  expect(after.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(after[0]).toMatchObject({
    id: edited.message.id,
    parentId: null,
    siblingIds: [questionId, edited.message.id],
  });
  expect(after[1]?.siblingIds).toEqual([]);

  const back = await owner.api.messages.selectBranch.mutate({ chatId, messageId: questionId });
  expect(back.currentMessageId).toBe(follow.assistantMessageId);
  const again = await shown(owner, chatId);
  expect(again.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(again[1]?.id).toBe(assistantMessageId);
});

test("another answer is a sibling of the first, and is shown", async () => {
  const { owner, chatId, questionId, assistantMessageId } = await asked("Hello");
  const wish = { chatId, messageId: assistantMessageId };
  const turn = await owner.api.messages.regenerate.mutate(wish);
  expect(turn.assistantMessageId).not.toBe(assistantMessageId);
  const chunks = await finish(owner, turn);
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const siblingIds = [assistantMessageId, turn.assistantMessageId];
  expect(await shown(owner, chatId)).toMatchObject([
    { id: questionId },
    { id: turn.assistantMessageId, parentId: questionId, siblingIds },
  ]);

  // A third answer to the question, and back to the first.
  const third = await owner.api.messages.regenerate.mutate({ chatId, messageId: questionId });
  await finish(owner, third);
  await owner.api.messages.selectBranch.mutate(wish);
  expect((await shown(owner, chatId)).at(-1)).toMatchObject({
    id: assistantMessageId,
    siblingIds: [...siblingIds, third.assistantMessageId],
  });
  // The next message follows the shown branch.
  const next = await ask(owner, "count to 3", chatId);
  await next.stream.rest();
  expect((await shown(owner, chatId)).map(({ id }) => id)).toEqual([
    questionId,
    assistantMessageId,
    next.input.message.id,
    next.assistantMessageId,
  ]);
});

test("an answer in the middle is made again from what came before it alone", async () => {
  const { owner, chatId } = await asked("count to 2");
  const second = await ask(owner, "count to 3", chatId);
  await second.stream.rest();
  await (await ask(owner, "count to 4", chatId)).stream.rest();
  const wish = { chatId, messageId: second.assistantMessageId };
  const chunks = await finish(owner, await owner.api.messages.regenerate.mutate(wish));
  expect(textOf(chunks)).toBe("1 2 3");
  expect(await shown(owner, chatId)).toHaveLength(4);
});

test("a failed answer can be asked for again, and the failed one stays beside it", async () => {
  const { owner, chatId, assistantMessageId } = await asked("fail");
  const wish = { chatId, messageId: assistantMessageId };
  const turn = await owner.api.messages.regenerate.mutate(wish);
  await finish(owner, turn);
  expect((await shown(owner, chatId)).at(-1)?.siblingIds).toEqual([
    assistantMessageId,
    turn.assistantMessageId,
  ]);
});

test("a double click asks once; a different wish meanwhile is refused", async () => {
  const { owner, chatId, questionId, assistantMessageId } = await asked("count to 5000");
  const wish = { chatId, messageId: assistantMessageId };
  const [first, second] = await Promise.all([
    owner.api.messages.regenerate.mutate(wish),
    owner.api.messages.regenerate.mutate(wish),
  ]);
  expect(second).toEqual(first);
  const other = owner.api.messages.regenerate.mutate({ chatId, messageId: questionId });
  expect((await errorOf(other)).errorCode).toBe("CONFLICT");
  await owner.api.messages.stop.mutate(first);
});

test("what is not there, and a model that is not there, is refused and leaves nothing", async () => {
  const { owner, chatId, assistantMessageId } = await asked();
  const { regenerate, selectBranch } = owner.api.messages;
  const at = { chatId, messageId: assistantMessageId };
  expect((await errorOf(regenerate.mutate({ ...at, modelId: "gpt-0" }))).errorCode).toBe("INVALID");
  for (const wrong of [
    { ...at, messageId: newId() },
    { ...at, chatId: newId() },
  ]) {
    expect((await errorOf(regenerate.mutate(wrong))).errorCode).toBe("NOT_FOUND");
    expect((await errorOf(selectBranch.mutate(wrong))).errorCode).toBe("NOT_FOUND");
  }
  const other = await ask(owner, "count to 3");
  await other.stream.rest();
  const foreign = { chatId, messageId: other.assistantMessageId };
  expect((await errorOf(regenerate.mutate(foreign))).errorCode).toBe("NOT_FOUND");
  expect((await errorOf(selectBranch.mutate(foreign))).errorCode).toBe("NOT_FOUND");
  expect(await shown(owner, chatId)).toMatchObject([{ siblingIds: [] }, { siblingIds: [] }]);
});

test("another page hears that another branch is shown", async () => {
  const { owner, chatId, questionId } = await asked();
  const page = await openSubscription<ChatNews>(owner, "chats.watch", undefined);
  await page.next();
  await owner.api.messages.selectBranch.mutate({ chatId, messageId: questionId });
  expect((await page.next())?.data).toEqual({ type: "changed", chatId });
  await page.cancel();
});

test("switching branches while an answer is written leaves the answer alone", async () => {
  const { owner, chatId, assistantMessageId } = await asked("count to 1000");
  const at = { chatId, messageId: assistantMessageId };
  const turn = await owner.api.messages.regenerate.mutate(at);
  const stream = await openStream(owner, turn);
  const begun = await readUntil(stream, (events) => events.length >= 2);
  await owner.api.messages.selectBranch.mutate(at);
  // On a busy machine the end may arrive together with the beginning.
  const chunks = chunksOf([...begun, ...(await stream.rest())]);
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect((await shown(owner, chatId)).at(-1)?.id).toBe(assistantMessageId);
});
