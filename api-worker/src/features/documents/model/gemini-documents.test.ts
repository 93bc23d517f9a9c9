/** Documents on Gemini's wire: the model's calls arrive, and it is told how they ended. */
import { expect, inject, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { documentIn, readDocument, storedParts } from "../../../../test/documents.ts";
import { setFaults } from "../../../../test/faults.ts";
import { ask, chunksOf, endOf, textOf } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const gemini = () => ({
  GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
  GOOGLE_GENERATIVE_AI_BASE_URL: `${inject("aimockUrl")}/v1beta`,
});

/** Asks Gemini in a chat, and reads the whole answer. */
async function askGemini(owner: Caller, question: string, chatId = newId()) {
  setFaults({ userId: owner.user.id, chatId }, { ai: gemini() });
  const { stream, ...turn } = await ask(owner, question, chatId);
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  return { turn, chunks, parts: await storedParts(owner, turn) };
}

async function essayOf(owner: Caller) {
  const { turn, chunks } = await askGemini(owner, "write the essay");
  return { chatId: turn.chatId, chunks, documentId: documentIn(chunks)?.documentId ?? "" };
}

test("Gemini makes a document, and its answer follows", async () => {
  const owner = await callerFor("owner");
  const { chunks, documentId } = await essayOf(owner);
  const { document, version, content } = await readDocument(owner, documentId);
  expect(document).toMatchObject({ kind: "text", title: "Tides" });
  expect(version).toMatchObject({ author: "model", status: "complete" });
  expect(content).toBe("The moon pulls the sea.");
  expect(textOf(chunks)).toBe("It is written.");
});

test("a call with an unknown kind is told to Gemini, and makes no document", async () => {
  const owner = await callerFor("owner");
  const { chunks, parts } = await askGemini(owner, "write a poem");
  expect(textOf(chunks)).toBe("I called it wrongly.");
  expect(parts).toContainEqual(
    expect.objectContaining({
      state: "output-error",
      errorText: "The tool was called with invalid input.",
    }),
  );
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
});

test.each([
  ["nothing", "isn’t in the document", "I couldn’t change it."],
  ["twice", "in the document more than once", "I couldn’t change it."],
])(
  "an edit of Gemini's that matches %s is told to it and to the reader",
  async (word, why, said) => {
    const owner = await callerFor("owner");
    const { chatId, documentId } = await essayOf(owner);
    const { chunks, parts } = await askGemini(owner, `match ${word} ${documentId}`, chatId);
    expect(textOf(chunks)).toBe(said);
    expect(parts).toContainEqual(
      expect.objectContaining({ state: "output-error", errorText: expect.stringContaining(why) }),
    );
    expect((await readDocument(owner, documentId)).version.number).toBe(1);
  },
);

test("an edit of Gemini's that matches once makes a version", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await essayOf(owner);
  const { chunks } = await askGemini(owner, `match once ${documentId}`, chatId);
  expect(textOf(chunks)).toBe("I changed it.");
  const { version, content } = await readDocument(owner, documentId);
  expect([version.number, content]).toEqual([2, "The moon lifts the sea."]);
});

test("suggestions of Gemini's are kept where their text is found, and it is told of the others", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await essayOf(owner);
  const { chunks, parts } = await askGemini(owner, `review well ${documentId}`, chatId);
  expect(textOf(chunks)).toBe("One of two fits.");
  expect(parts).toContainEqual(
    expect.objectContaining({
      type: "tool-requestSuggestions",
      output: expect.objectContaining({
        suggested: ["The moon"],
        dropped: ["“The sun” isn’t in the document."],
      }),
    }),
  );
  const { items } = await owner.api.documents.suggestions.list.query({ documentId });
  expect(items).toEqual([
    expect.objectContaining({ original: "The moon", proposed: "The full moon", start: 0 }),
  ]);
  expect((await readDocument(owner, documentId)).version.number).toBe(1);
});

test("a review of Gemini's that fits nowhere is told to it and to the reader", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await essayOf(owner);
  const { chunks, parts } = await askGemini(owner, `review wrongly ${documentId}`, chatId);
  expect(textOf(chunks)).toBe("I found nothing to change.");
  expect(parts).toContainEqual(
    expect.objectContaining({
      type: "tool-requestSuggestions",
      state: "output-error",
      errorText: expect.stringContaining("No suggestion could be used."),
    }),
  );
  const { items } = await owner.api.documents.suggestions.list.query({ documentId });
  expect(items).toEqual([]);
});
