import { expect, inject, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { setFaults } from "../../../../test/faults.ts";
import { partsWith, pdf, png, upload } from "../../../../test/files.ts";
import { openStream } from "../../../../test/stream.ts";
import { newId } from "../../../platform/ids.ts";

const aimockUrl = inject("aimockUrl");

interface GeminiRequest {
  readonly contents: {
    parts: { text?: string; inlineData?: { mimeType: string; data: string } }[];
  }[];
}

/** The parts of the request to the provider for a question, as they were on the wire. */
async function sentFor(marker: string) {
  const bodies = await (await fetch(`${aimockUrl}/wire`)).json<string[]>();
  const body = bodies.find((one) => one.includes(marker));
  const { contents } = JSON.parse(body ?? '{"contents":[]}') as GeminiRequest;
  return contents.flatMap(({ parts }) => parts);
}

/** Whether the mock's journal contains a question. */
async function isInJournal(marker: string): Promise<boolean> {
  return (await (await fetch(`${aimockUrl}/v1/_requests`)).text()).includes(marker);
}

/** Asks Gemini, which the mock plays. */
async function ask(owner: Caller, parts: ReturnType<typeof partsWith>): Promise<void> {
  const chatId = newId();
  setFaults(
    { userId: owner.user.id, chatId },
    {
      ai: {
        GOOGLE_GENERATIVE_AI_API_KEY: newId(),
        GOOGLE_GENERATIVE_AI_BASE_URL: `${aimockUrl}/v1beta`,
      },
    },
  );
  const sent = await owner.api.messages.send.mutate({ chatId, message: { id: newId(), parts } });
  await (await openStream(owner, { chatId, streamId: sent.streamId })).rest();
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

test("Gemini is sent a picture's bytes, a PDF's bytes, and a text's text, each with its name", async () => {
  const owner = await callerFor("owner");
  const [picture, paper] = [png(5, 4), pdf("A paper.")];
  const marker = newId();
  const files = [
    await upload(owner, picture, "photo.png"),
    await upload(owner, paper, "paper.pdf"),
    await upload(owner, "the words of a note", "note.txt"),
  ];
  await ask(owner, partsWith(`say hello ${marker}`, ...files));
  expect(await isInJournal(marker)).toBe(true);
  const [first, picturePart, second, paperPart, third, question] = await sentFor(marker);
  expect(picturePart?.inlineData).toEqual({ mimeType: "image/png", data: base64(picture) });
  expect(paperPart?.inlineData).toEqual({ mimeType: "application/pdf", data: base64(paper) });
  expect(first?.text).toContain("photo.png");
  expect(second?.text).toContain("paper.pdf");
  expect(third?.text).toContain("the words of a note");
  expect(question?.text).toBe(`say hello ${marker}`);
});
