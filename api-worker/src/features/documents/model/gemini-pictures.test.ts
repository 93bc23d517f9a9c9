/** Pictures on Gemini's wire: what the image model is sent, and what becomes of its answer. */
import { expect, inject, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { documentIn, readDocument, storedParts } from "../../../../test/documents.ts";
import { setFaults } from "../../../../test/faults.ts";
import { ask, chunksOf, endOf, textOf } from "../../../../test/turns.ts";
import { parsePicture } from "../../../contracts/pictures.ts";
import { newId } from "../../../platform/ids.ts";

const aimockUrl = inject("aimockUrl");
const gemini = {
  GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
  GOOGLE_GENERATIVE_AI_BASE_URL: `${aimockUrl}/v1beta`,
};

/** Asks Gemini in a chat, and reads the whole answer. */
async function askGemini(owner: Caller, question: string, chatId = newId()) {
  setFaults({ userId: owner.user.id, chatId }, { ai: gemini });
  const { stream, ...turn } = await ask(owner, question, chatId);
  const chunks = chunksOf(await stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const documentId = documentIn(chunks)?.documentId ?? "";
  return { turn, chunks, documentId, parts: await storedParts(owner, turn) };
}

async function pictureOf(owner: Caller, documentId: string) {
  return parsePicture((await readDocument(owner, documentId)).content);
}

test("the image model draws what the chat's model asks for, and changes its own picture", async () => {
  const owner = await callerFor("owner");
  const { turn, chunks, documentId } = await askGemini(owner, "draw the lighthouse");
  expect(textOf(chunks)).toBe("It is drawn.");
  const first = await pictureOf(owner, documentId);
  const prompts = ["A red lighthouse on a rock."];
  expect(first).toMatchObject({ mediaType: "image/png", width: 1, height: 1, prompts });

  const question = `paint it blue ${documentId}`;
  const { chunks: later } = await askGemini(owner, question, turn.chatId);
  expect(textOf(later)).toBe("It is blue.");
  const second = await pictureOf(owner, documentId);
  prompts.push("The same lighthouse in blue.");
  expect(second).toMatchObject({ width: 2, height: 1, prompts });

  // The picture before went along, and only a picture was asked for.
  const bodies = await (await fetch(`${aimockUrl}/wire`)).json<string[]>();
  const body = bodies.find((one) => one.includes("The same lighthouse in blue."));
  const bytes = new Uint8Array(await (await owner.fetch(first?.url ?? "")).arrayBuffer());
  expect(JSON.parse(body ?? "{}")).toMatchObject({
    generationConfig: { responseModalities: ["IMAGE"] },
    contents: [
      {
        parts: [
          { text: "The same lighthouse in blue." },
          { inlineData: { mimeType: "image/png", data: Buffer.from(bytes).toString("base64") } },
        ],
      },
    ],
  });
});

test.each([
  [
    "draw the unspeakable",
    "There is no picture.",
    "The model drew nothing. Ask for something else.",
  ],
  [
    "draw the broken one",
    "It came in half.",
    "The picture couldn’t be stored. This image is damaged or incomplete. Open it and save it again.",
  ],
])("%j is told to the model, and makes no document", async (question, answer, errorText) => {
  const owner = await callerFor("owner");
  const { chunks, parts } = await askGemini(owner, question);
  expect(textOf(chunks)).toBe(answer);
  expect(parts).toContainEqual(expect.objectContaining({ state: "output-error", errorText }));
  expect(documentIn(chunks)).toMatchObject({ state: "deleted", version: null });
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
  expect((await owner.api.uploads.list.query({})).items).toEqual([]);
});
