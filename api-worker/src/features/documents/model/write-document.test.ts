/** Documents that the model writes: from the question to the version, whatever happens between. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { crash } from "../../../../test/chat-objects.ts";
import {
  callScript,
  documentIn,
  documentTextIn,
  endlessDocument,
  readDocument,
  storedParts,
  writeQuestion,
} from "../../../../test/documents.ts";
import { setFaults } from "../../../../test/faults.ts";
import { expectEnded, expectSound } from "../../../../test/invariants.ts";
import { countingText, scriptText } from "../../../../test/scripted-model.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, readUntil, textOf } from "../../../../test/turns.ts";
import { contentFor } from "../../../platform/content.ts";
import { newId } from "../../../platform/ids.ts";
import { writeVersion } from "./write-version.ts";

/** A document under way, of which a reader has seen some text. */
async function documentUnderWay(owner: Caller) {
  const first = await ask(owner, "count to 1");
  await first.stream.rest();
  const { stream, ...turn } = await ask(owner, endlessDocument, first.chatId);
  const seen = await readUntil(stream, (events) => documentTextIn(chunksOf(events)).length >= 50);
  const documentId = documentIn(chunksOf(seen))?.documentId ?? "";
  return { turn, stream, seen, documentId };
}

/** A document of 300 characters that the model has written. */
async function writtenDocument(owner: Caller, script = { length: 300, sizes: [7] }) {
  const { stream, ...turn } = await ask(owner, writeQuestion(script));
  const chunks = chunksOf(await stream.rest());
  const document = documentIn(chunks);
  return { turn, chunks, documentId: document?.documentId ?? "", document };
}

test("the demo model writes an essay beside the chat", async () => {
  const owner = await callerFor("owner");
  const { stream, ...turn } = await ask(owner, "write an essay about tides");
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const documentId = documentIn(chunks)?.documentId ?? "";
  const { document, version, content } = await readDocument(owner, documentId);
  expect(document).toMatchObject({ kind: "text", title: "Tides", chatId: turn.chatId });
  expect(version).toMatchObject({ number: 1, author: "model", status: "complete", madeFrom: null });
  expect(version.messageId).toBe(turn.assistantMessageId);
  expect(content).toContain("## Why it matters");
  expect(content).toBe(documentTextIn(chunks));
});

test("the demo model changes the document that a question names", async () => {
  const owner = await callerFor("owner");
  const askAll = async (text: string, chatId?: string) => {
    const { stream, ...turn } = await ask(owner, text, chatId);
    return { ...turn, document: documentIn(chunksOf(await stream.rest())) };
  };
  const { chatId, document: tides } = await askAll("write an essay about tides");
  const { document: code } = await askAll("write code that prints squares", chatId);
  const { document: shorter } = await askAll("Shorten “Tides”.", chatId);
  expect(shorter).toMatchObject({ documentId: tides?.documentId, action: "update" });
  const { content } = await readDocument(owner, tides?.documentId ?? "");
  expect(content).not.toContain("## What comes next");

  const { document: commented } = await askAll("Add comments to “Prints squares”.", chatId);
  expect(commented).toMatchObject({ documentId: code?.documentId, action: "update" });
  const port = "Port “Prints squares” to Rust, as a new document.";
  const { document: ported } = await askAll(port, chatId);
  expect(ported).toMatchObject({ title: "Prints squares in Rust", language: "rust" });
  expect((await readDocument(owner, ported?.documentId ?? "")).content).toContain("fn main()");
  // A title that no document has names the newest one.
  const { document: last } = await askAll("Polish “Moon”.", chatId);
  expect(last?.documentId).toBe(ported?.documentId);
});

test("the demo model draws a chart of the sheet that a question names", async () => {
  const owner = await callerFor("owner");
  const { stream: first, chatId } = await ask(owner, "make a sheet of “R&D <parts>”");
  const sheet = documentIn(chunksOf(await first.rest()));
  const wish = `Make a chart of “${sheet?.title}” in SVG, as a new document.`;
  const { stream, ...turn } = await ask(owner, wish, chatId);
  const chunks = chunksOf(await stream.rest());
  const chart = documentIn(chunks);
  const title = `Chart of ${sheet?.title}`;
  expect(chart).toMatchObject({ kind: "code", language: "svg", title, state: "complete" });
  const { content } = await readDocument(owner, chart?.documentId ?? "");
  expect(content).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(content).toContain(">“R&amp;D &lt;parts>”: Amount</text>");
  // As many bars as are shown, and each as long as its number.
  expect(content.match(/<rect x=/g)).toHaveLength(24);
  expect(content).toContain('width="209" height="20" rx="3" fill="#0f766e"/>\n  <text x="397"');
  const parts = await storedParts(owner, turn);
  expect(parts.map(({ type }) => type)).toContain("tool-readDocument");
  expect(textOf(chunks)).toContain(`I’ve written **${title}**`);
});

test("every reader sees a document grow, and its message keeps only the version", async () => {
  const owner = await callerFor("owner");
  const script = { length: 2_000, sizes: [9], pausesMs: [4] };
  const first = await ask(owner, "count to 1");
  await first.stream.rest();
  const { stream, ...turn } = await ask(owner, writeQuestion(script), first.chatId);
  const seen = await readUntil(stream, (events) => documentTextIn(chunksOf(events)).length >= 50);
  const second = await openStream(owner, turn);
  const [rest, all] = await Promise.all([stream.rest(), second.rest()]);
  for (const events of [[...seen, ...rest], all]) {
    expect(documentTextIn(chunksOf(events))).toBe(countingText(2_000));
    expect(documentIn(chunksOf(events))).toMatchObject({ state: "complete", version: 1 });
  }
  expect(await expectSound(owner, turn, [{ events: [...seen, ...rest] }])).toBe("complete");
  const parts = await storedParts(owner, turn);
  expect(parts.map(({ type }) => type)).toEqual([
    "step-start",
    "tool-createDocument",
    "data-document",
    "step-start",
    "text",
  ]);
  expect(JSON.stringify(parts)).not.toContain(countingText(200));
  const { documentId = "" } = (parts[2]?.data ?? {}) as { documentId?: string };
  expect((await readDocument(owner, documentId)).content).toBe(countingText(2_000));
});

test("a document that is stopped is kept as far as its reader saw it, and marked", async () => {
  const owner = await callerFor("owner");
  const { turn, stream, seen, documentId } = await documentUnderWay(owner);
  await owner.api.messages.stop.mutate(turn);
  const events = [...seen, ...(await stream.rest())];
  expect(await expectSound(owner, turn, [{ events }])).toBe("stopped");
  const { version, content } = await readDocument(owner, documentId);
  expect(version).toMatchObject({ number: 1, author: "model", status: "stopped" });
  expect(content).toBe(documentTextIn(chunksOf(events)));
  const part = (await storedParts(owner, turn)).find(({ type }) => type === "data-document");
  expect(part?.data).toMatchObject({ documentId, state: "stopped", version: 1 });
});

test("a crash in mid-document loses nothing of it that was shown", async () => {
  const owner = await callerFor("owner");
  const { turn, stream, seen, documentId } = await documentUnderWay(owner);
  await crash(owner, turn.chatId);
  const events = [...seen, ...(await stream.rest())];
  const status = await expectSound(owner, turn, [{ events }]);
  const { version, content } = await readDocument(owner, documentId);
  expect(version).toMatchObject({ number: 1, status: "interrupted" });
  expect(content).toBe(documentTextIn(chunksOf(events)));
  expect(content).toBe(countingText(content.length));
  expect(status).toBe("interrupted");
});

test("a document whose writer fails is kept, and the model is told", async () => {
  const owner = await callerFor("owner");
  const question = writeQuestion({ length: 200, sizes: [10], end: "error" });
  const { stream, ...turn } = await ask(owner, question);
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(documentIn(chunks)).toMatchObject({ state: "interrupted", version: 1 });
  const { version, content } = await readDocument(owner, documentIn(chunks)?.documentId ?? "");
  expect([version.status, content]).toEqual(["interrupted", countingText(200)]);
  expect(await storedParts(owner, turn)).toContainEqual(
    expect.objectContaining({ output: expect.objectContaining({ note: expect.any(String) }) }),
  );
});

test("a writer that says nothing leaves no document", async () => {
  const owner = await callerFor("owner");
  const { stream, ...turn } = await ask(owner, writeQuestion({ length: 0, sizes: [5] }));
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect(documentIn(chunks)).toMatchObject({ state: "deleted", version: null });
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
  await expectEnded(owner, turn, []);
});

test("code loses the fence that its writer put around it", async () => {
  const owner = await callerFor("owner");
  const { stream } = await ask(owner, "write code that prints squares");
  const chunks = chunksOf(await stream.rest());
  const { document, content } = await readDocument(owner, documentIn(chunks)?.documentId ?? "");
  expect(document).toMatchObject({ kind: "code", language: "python" });
  expect(content).toMatch(/^"""[\s\S]*\n$/);
});

test("an edit changes the one place that it finds, as a new version", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const edits = [
    { find: "1 2 3 ", replace: "one two three " },
    { find: "three 4 ", replace: "three four " },
  ];
  const { stream } = await ask(
    owner,
    callScript("editDocument", { documentId, edits }),
    turn.chatId,
  );
  const chunks = chunksOf(await stream.rest());
  expect(documentIn(chunks)).toMatchObject({ action: "edit", state: "complete", version: 2 });
  const { version, content } = await readDocument(owner, documentId);
  expect(version).toMatchObject({ number: 2, author: "model", madeFrom: null });
  expect(content).toBe(countingText(300).replace("1 2 3 4 ", "one two three four "));
  expect((await readDocument(owner, documentId, 1)).content).toBe(countingText(300));
});

test.each([
  ["is not there", "1 2 3 fourteen", /“1 2 3 fourteen” isn’t in the document.*line 1: “1 2 3 4/],
  ["is there twice", "1", /“1” is in the document more than once/],
])("an edit whose text %s changes nothing, and says why", async (_, find, reason) => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const input = { documentId, edits: [{ find, replace: "x" }] };
  const { stream, ...edit } = await ask(owner, callScript("editDocument", input), turn.chatId);
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  expect(await storedParts(owner, edit)).toContainEqual(
    expect.objectContaining({ state: "output-error", errorText: expect.stringMatching(reason) }),
  );
  expect((await readDocument(owner, documentId)).version.number).toBe(1);
});

test("a rewrite of a document that its reader edits meanwhile leaves both, and says so", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const instructions = scriptText({ length: 1_000_000, sizes: [5], pausesMs: [5] });
  const question = callScript("updateDocument", { documentId, instructions });
  const { stream, ...rewrite } = await ask(owner, question, turn.chatId);
  const seen = await readUntil(stream, (events) => documentTextIn(chunksOf(events)) !== "");
  const mine = { documentId, content: "mine", baseVersion: 1, saveId: newId() };
  expect(await owner.api.documents.save.mutate(mine)).toMatchObject({ version: 2 });
  await owner.api.messages.stop.mutate(rewrite);
  const text = documentTextIn(chunksOf([...seen, ...(await stream.rest())]));
  const newest = await readDocument(owner, documentId);
  expect(newest.content).toBe(text);
  expect(newest.version).toMatchObject({ number: 3, author: "model", madeFrom: 1 });
  expect((await readDocument(owner, documentId, 2)).content).toBe("mine");
  expect(await expectSound(owner, rewrite, [])).toBe("stopped");
});

test("the writer of a rewrite gets the document as its reader has left it", async () => {
  const owner = await callerFor("owner");
  const { stream, ...turn } = await ask(owner, "write an essay about tides");
  const documentId = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  const content = "My own words.\n\nSecond paragraph.";
  await owner.api.documents.save.mutate({ documentId, content, baseVersion: 1, saveId: newId() });
  const shorter = await ask(owner, "shorten it", turn.chatId);
  await shorter.stream.rest();
  expect((await readDocument(owner, documentId)).content.trim()).toBe("My own words.");
});

test("the model reads a document as it is, and lists those of its chat alone", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const other = await writtenDocument(owner);
  await owner.api.documents.save.mutate({
    ...{ documentId, content: "by hand", baseVersion: 1, saveId: newId() },
  });
  const output = async (input: object) => {
    const { stream, ...read } = await ask(owner, callScript("readDocument", input), turn.chatId);
    await stream.rest();
    const part = (await storedParts(owner, read)).find(({ type }) => type === "tool-readDocument");
    return part as { output?: unknown; errorText?: string } | undefined;
  };
  expect((await output({ documentId }))?.output).toMatchObject({ content: "by hand" });
  expect((await output({}))?.output).toMatchObject({ documents: [{ documentId }] });
  const foreign = await output({ documentId: other.documentId });
  expect(foreign?.errorText).toBe("This chat has no document with this ID.");
});

test("the model reaches no document of another user", async () => {
  const [owner, other] = await Promise.all([callerFor("owner"), callerFor("anotherUser")]);
  const { documentId } = await writtenDocument(owner);
  for (const [toolName, input] of [
    ["readDocument", { documentId }],
    ["editDocument", { documentId, edits: [{ find: "1 2 ", replace: "x" }] }],
    ["updateDocument", { documentId, instructions: "Anything." }],
  ] as const) {
    const { stream, ...turn } = await ask(other, callScript(toolName, input));
    await stream.rest();
    expect(await storedParts(other, turn)).toContainEqual(
      expect.objectContaining({ errorText: "This chat has no document with this ID." }),
    );
  }
  const { version } = await readDocument(owner, documentId);
  expect(version.number).toBe(1);
});

test("a document that is deleted while the model writes it stays deleted", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const instructions = scriptText({ length: 1_000_000, sizes: [5], pausesMs: [5] });
  const question = callScript("updateDocument", { documentId, instructions });
  const { stream, ...rewrite } = await ask(owner, question, turn.chatId);
  await readUntil(stream, (events) => documentTextIn(chunksOf(events)) !== "");
  await owner.api.documents.delete.mutate({ documentId });
  await owner.api.messages.stop.mutate(rewrite);
  expect(await expectSound(owner, rewrite, [])).toBe("stopped");
  const part = (await storedParts(owner, rewrite)).find(({ type }) => type === "data-document");
  expect(part?.data).toMatchObject({ state: "deleted", version: null });
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
});

test("a chat that is deleted while the model writes leaves no document", async () => {
  const owner = await callerFor("owner");
  const { turn, stream } = await documentUnderWay(owner);
  await owner.api.chats.delete.mutate({ chatId: turn.chatId });
  await stream.rest();
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
});

test("a write that is tried again writes one version", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  const content = contentFor(env, owner.user);
  const chat = { userId: owner.user.id, chatId: turn.chatId };
  const answer = { turnId: newId(), assistantMessageId: newId() };
  const write = { created: null, toolCallId: "call", status: "complete", baseVersion: 1 } as const;
  const run = (text: string) =>
    writeVersion(content, chat, answer, { ...write, documentId, content: text }, null);
  const [first, again] = [await run("new"), await run("new")];
  expect(first).toMatchObject({ version: 2, number: 2 });
  expect(again).toEqual(first);
  expect((await owner.api.documents.versions.query({ documentId })).items).toHaveLength(2);
});

test("an edit of a document that does not fit into the owner's storage changes nothing", async () => {
  const owner = await callerFor("owner");
  const { turn, documentId } = await writtenDocument(owner);
  await env.CONTENT_0.prepare("UPDATE contentUse SET textBytes = textBytes + 1e12 WHERE userId = ?")
    .bind(owner.user.id)
    .run();
  setFaults({ userId: owner.user.id, chatId: turn.chatId }, undefined);
  const content = contentFor(env, owner.user);
  const chat = { userId: owner.user.id, chatId: turn.chatId };
  const answer = { turnId: newId(), assistantMessageId: newId() };
  const write = { created: null, toolCallId: "call", status: "complete", baseVersion: 1 } as const;
  const limits = { maxBytes: 1_000_000, maxMessages: null, answerMaxBytes: 0 };
  await expect(
    writeVersion(content, chat, answer, { ...write, documentId, content: "new" }, limits),
  ).rejects.toThrow("storage is full");
  expect((await readDocument(owner, documentId)).version.number).toBe(1);
});

test("the tokens of a document's writer count as those of its answer", async () => {
  const owner = await callerFor("owner");
  const { chunks } = await writtenDocument(owner, { length: 300, sizes: [3] });
  expect(endOf(chunks)).toMatchObject({ outputTokens: 100 + 1 + 4 });
});
