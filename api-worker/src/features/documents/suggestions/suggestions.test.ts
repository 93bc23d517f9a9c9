/** Suggestions that the model makes for documents, and what a person decides. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import {
  callScript,
  documentIn,
  readDocument,
  storedParts,
  writeQuestion,
} from "../../../../test/documents.ts";
import { expectSound } from "../../../../test/invariants.ts";
import { countingText, scriptText } from "../../../../test/scripted-model.ts";
import { ask, chunksOf, endOf, readUntil } from "../../../../test/turns.ts";
import { limits } from "../../../contracts/limits.ts";
import { contentFor } from "../../../platform/content.ts";
import { newId } from "../../../platform/ids.ts";
import { writeSuggestions } from "../model/write-suggestions.ts";

/** A document of 300 characters that the model has written. */
async function writtenDocument(owner: Caller) {
  const { stream, ...turn } = await ask(owner, writeQuestion({ length: 300, sizes: [7] }));
  return { turn, documentId: documentIn(chunksOf(await stream.rest()))?.documentId ?? "" };
}

/** A question whose model suggests these changes. */
function suggestQuestion(documentId: string, suggestions: readonly object[]): string {
  const says = suggestions.map((suggestion) => JSON.stringify(suggestion)).join("\n");
  const instructions = scriptText({ length: says.length, says, sizes: [9] });
  return callScript("requestSuggestions", { documentId, instructions });
}

const first = { original: "1 2 3 ", proposed: "one two three ", reason: "Words are nicer." };
const second = { original: " 50 51 ", proposed: " ", reason: "" };

/** A document for which the model has suggested two changes. */
async function reviewedDocument(owner: Caller) {
  const { turn, documentId } = await writtenDocument(owner);
  const question = suggestQuestion(documentId, [first, second]);
  const { stream, ...review } = await ask(owner, question, turn.chatId);
  const chunks = chunksOf(await stream.rest());
  const { items } = await list(owner, documentId);
  return { turn, review, documentId, chunks, items };
}

const list = (owner: Caller, documentId: string) =>
  owner.api.documents.suggestions.list.query({ documentId });

const stateOf = async (id: string) =>
  env.CONTENT_0.prepare("SELECT state FROM suggestions WHERE id = ?").bind(id).first("state");

/** The call of the tool, in an answer as D1 has it. */
async function callIn(owner: Caller, turn: Parameters<typeof storedParts>[1]) {
  const parts = await storedParts(owner, turn);
  return parts.find(({ type }) => type === "tool-requestSuggestions") as
    | { readonly state: string; readonly output?: unknown; readonly errorText?: string }
    | undefined;
}

test("the model suggests changes of the version that it has read, and the text stays", async () => {
  const owner = await callerFor("owner");
  const { review, documentId, chunks, items } = await reviewedDocument(owner);
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const start = countingText(300).indexOf(second.original);
  expect(items).toHaveLength(2);
  expect(items).toEqual(
    expect.arrayContaining([
      { id: expect.any(String), version: 1, start: 0, ...first },
      { id: expect.any(String), version: 1, start, ...second },
    ]),
  );
  expect(documentIn(chunks)).toMatchObject({
    ...{ documentId, action: "suggest", state: "complete", suggestionCount: 2, version: 1 },
  });
  const { content, version } = await readDocument(owner, documentId);
  expect([content, version.number]).toEqual([countingText(300), 1]);
  expect((await callIn(owner, review))?.output).toMatchObject({
    suggested: [first.original, second.original],
    dropped: [],
  });
  expect(await expectSound(owner, review, [])).toBe("complete");
});

test("suggestions that do not fit are dropped, and the model is told why", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const question = suggestQuestion(documentId, [
    { ...first, original: "fourteen" },
    { ...first, original: "1" },
    first,
  ]);
  const { stream, ...review } = await ask(owner, question, turn.chatId);
  await stream.rest();
  expect((await callIn(owner, review))?.output).toMatchObject({
    suggested: [first.original],
    dropped: ["“fourteen” isn’t in the document.", "“1” is in the document more than once."],
  });
  expect((await list(owner, documentId)).items).toMatchObject([first]);
});

test("when no suggestion fits, the call fails with the reasons", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const question = suggestQuestion(documentId, [{ ...first, original: "fourteen" }]);
  const { stream, ...review } = await ask(owner, question, turn.chatId);
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(documentIn(chunks)).toMatchObject({ action: "suggest", state: "interrupted" });
  expect((await callIn(owner, review))?.errorText).toMatch(/No suggestion could be used.*fourteen/);
  expect((await list(owner, documentId)).items).toEqual([]);
});

test("the model suggests nothing for a document of another chat or user", async () => {
  const [owner, other] = await Promise.all([callerFor("owner"), callerFor("anotherUser")]);
  const { documentId } = await writtenDocument(owner);
  for (const caller of [owner, other]) {
    const { stream, ...turn } = await ask(caller, suggestQuestion(documentId, [first]));
    await stream.rest();
    expect((await callIn(caller, turn))?.errorText).toBe("This chat has no document with this ID.");
  }
  expect((await list(owner, documentId)).items).toEqual([]);
});

test("a review that is stopped leaves no suggestion, and says so", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const says = JSON.stringify(first);
  const instructions = scriptText({ length: says.length, says, sizes: [9], end: "silence" });
  const question = callScript("requestSuggestions", { documentId, instructions });
  const { stream, ...review } = await ask(owner, question, turn.chatId);
  await readUntil(stream, (events) => documentIn(chunksOf(events))?.suggestionCount === 1);
  await owner.api.messages.stop.mutate(review);
  await stream.rest();
  expect(await expectSound(owner, review, [])).toBe("stopped");
  const part = (await storedParts(owner, review)).find(({ type }) => type === "data-document");
  expect(part?.data).toMatchObject({ action: "suggest", state: "writing", version: 1 });
  expect((await list(owner, documentId)).items).toEqual([]);
});

test("a person accepts and rejects suggestions, and takes a decision back", async () => {
  const owner = await callerFor("owner");
  const { documentId, items } = await reviewedDocument(owner);
  const [a = "", b = ""] = items.map(({ id }) => id);
  const { resolve } = owner.api.documents.suggestions;
  await resolve.mutate({ documentId, suggestionIds: [a], state: "accepted" });
  await resolve.mutate({ documentId, suggestionIds: [b, newId()], state: "rejected" });
  expect((await list(owner, documentId)).items).toEqual([]);
  expect([await stateOf(a), await stateOf(b)]).toEqual(["accepted", "rejected"]);
  await resolve.mutate({ documentId, suggestionIds: [a], state: "open" });
  expect((await list(owner, documentId)).items.map(({ id }) => id)).toEqual([a]);
});

test("a suggestion of another document, or of another user's, cannot be decided", async () => {
  const [owner, other] = await Promise.all([callerFor("owner"), callerFor("anotherUser")]);
  const [{ items }, theirs] = [await reviewedDocument(owner), await writtenDocument(other)];
  const suggestionIds = items.map(({ id }) => id);
  const { documentId } = await writtenDocument(owner);
  await owner.api.documents.suggestions.resolve.mutate({
    ...{ documentId, suggestionIds, state: "accepted" },
  });
  await other.api.documents.suggestions.resolve.mutate({
    ...{ documentId: theirs.documentId, suggestionIds, state: "accepted" },
  });
  for (const id of suggestionIds) expect(await stateOf(id)).toBe("open");
});

test.each([
  ["no suggestion", { suggestionIds: [], state: "accepted" }],
  ["an id that is none", { suggestionIds: ["x"], state: "accepted" }],
  ["too many", { suggestionIds: Array.from({ length: 51 }, () => newId()), state: "accepted" }],
  ["an unknown state", { suggestionIds: [newId()], state: "done" }],
])("a decision with %s is refused", async (_, input) => {
  const owner = await callerFor("owner");
  const { documentId } = await writtenDocument(owner);
  const call = owner.api.documents.suggestions.resolve.mutate({ documentId, ...input } as never);
  expect((await errorOf(call)).errorCode).toBe("INVALID");
});

/** Writes suggestions as a turn's tool does. */
async function suggester(owner: Caller) {
  const { turn, documentId } = await writtenDocument(owner);
  const chat = { userId: owner.user.id, chatId: turn.chatId };
  const answer = { turnId: newId(), assistantMessageId: turn.assistantMessageId };
  const storage = { maxBytes: 1e12, maxMessages: null, answerMaxBytes: 0 };
  const write = (toolCallId: string, version = 1, count = 2, most = storage) =>
    writeSuggestions(
      contentFor(env, owner.user),
      chat,
      answer,
      {
        ...{ documentId, toolCallId, version },
        suggestions: [first, second].slice(0, count).map((one) => ({ ...one, start: 0 })),
      },
      most,
    );
  return { documentId, write };
}

test("a call that is tried again makes no second suggestions", async () => {
  const owner = await callerFor("owner");
  const { documentId, write } = await suggester(owner);
  expect([await write("a"), await write("a")]).toEqual([{ count: 2 }, { count: 2 }]);
  await write("b");
  expect((await list(owner, documentId)).items).toHaveLength(4);
});

test("a document has so many open suggestions, and no more", async () => {
  const owner = await callerFor("owner");
  const { documentId, write } = await suggester(owner);
  for (let calls = 0; calls < limits.openSuggestionsMax / 2; calls += 1) await write(`${calls}`);
  await expect(write("more", 1, 1)).rejects.toThrow(/up to 50 open suggestions/);
  // What is written already can be tried again.
  expect(await write("0")).toEqual({ count: 2 });
  const { items } = await list(owner, documentId);
  expect(items).toHaveLength(limits.openSuggestionsMax);
  const suggestionIds = items.slice(0, 1).map(({ id }) => id);
  await owner.api.documents.suggestions.resolve.mutate({
    ...{ documentId, suggestionIds, state: "rejected" },
  });
  expect(await write("more", 1, 1)).toEqual({ count: 1 });
});

test("suggestions that do not fit into the owner's storage are not saved", async () => {
  const owner = await callerFor("owner");
  const { documentId, write } = await suggester(owner);
  const full = { maxBytes: 1, maxMessages: null, answerMaxBytes: 0 };
  await expect(write("a", 1, 2, full)).rejects.toThrow(/storage is full/);
  expect((await list(owner, documentId)).items).toEqual([]);
});

test("a version with suggestions is not replaced, and one replaced meanwhile has a successor", async () => {
  const owner = await callerFor("owner");
  const { documentId, write } = await suggester(owner);
  const runId = newId();
  const save = (baseVersion: number, content: string) =>
    owner.api.documents.save.mutate({ documentId, baseVersion, content, saveId: newId(), runId });
  await save(1, "1 2 3 one");
  // The model reads version 2, which the next save of the run replaces.
  await save(2, "1 2 3 two");
  await write("a", 2, 1);
  expect((await list(owner, documentId)).items).toMatchObject([{ version: 3 }]);
  await save(3, "1 2 3 three");
  await save(4, "1 2 3 four");
  const { items } = await owner.api.documents.versions.query({ documentId });
  expect(items.map(({ number, version }) => [number, version])).toEqual([
    [3, 5],
    [2, 3],
    [1, 1],
  ]);
  expect((await readDocument(owner, documentId, 3)).content).toBe("1 2 3 two");
});

test("suggestions count towards the storage, and go with their document", async () => {
  const owner = await callerFor("owner");
  const { documentId, write } = await suggester(owner);
  const used = async () => (await owner.api.uploads.list.query({})).storage.usedBytes;
  const before = await used();
  await write("a");
  const texts = [first, second].flatMap((one) => [one.original, one.proposed, one.reason]);
  expect((await used()) - before).toBe(texts.join("").length + 2 * 300);
  await owner.api.documents.delete.mutate({ documentId });
  const left = await env.CONTENT_0.prepare(
    "SELECT count(*) AS n FROM suggestions WHERE documentId = ?",
  )
    .bind(documentId)
    .first("n");
  expect(left).toBe(0);
  const title = "Numbers".length;
  expect(before - (await used())).toBe(300 + title + 2 * 300);
});

test.each([
  ["write an essay about tides", 5],
  ["write code that prints squares", 5],
])("the demo model %s and suggests improvements that fit", async (question, count) => {
  const owner = await callerFor("owner");
  const { stream, ...turn } = await ask(owner, question);
  const documentId = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  const review = await ask(owner, "suggest improvements", turn.chatId);
  await review.stream.rest();
  const { items } = await list(owner, documentId);
  expect(items).toHaveLength(count);
  const { content } = await readDocument(owner, documentId);
  for (const { original, start } of items) {
    expect(content.slice(start, start + original.length)).toBe(original);
  }
});
