/** Data that a tool writes into the answer while it runs. */
import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { crash } from "../../../test/chat-objects.ts";
import { draftIn, draftQuestion, emittedIn } from "../../../test/draft-tool.ts";
import { setFaults } from "../../../test/faults.ts";
import { expectSound, logOf, type SomeTurn, storedMessage } from "../../../test/invariants.ts";
import { countingText } from "../../../test/scripted-model.ts";
import { type Chunk, openStream } from "../../../test/stream.ts";
import { ask, chunksOf, endOf, readUntil } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";

/** A draft that the tool keeps writing until the test ends it. */
const endlessDraft = { pieces: 100_000, size: 5, pauseMs: 5 };

const ofDraft = (chunks: readonly Chunk[]) => chunks.filter(({ type }) => type === "data-draft");

/**
 * A turn whose tool has written part of a draft, which its reader has seen. The chat already has a
 * title from an earlier question: otherwise the title's chunk could come between two pieces.
 */
async function draftUnderWay(draft: Parameters<typeof draftQuestion>[0]) {
  const owner = await callerFor("owner");
  const first = await ask(owner, "count to 1");
  await first.stream.rest();
  const { stream, input: _, ...turn } = await ask(owner, draftQuestion(draft), first.chatId);
  const seen = await readUntil(stream, (events) => draftIn(chunksOf(events)).length >= 50);
  return { owner, stream, turn, seen };
}

/** The draft in D1's message; undefined when it has none. */
async function storedDraft(owner: Awaited<ReturnType<typeof callerFor>>, turn: SomeTurn) {
  const message = await storedMessage(owner, turn.assistantMessageId);
  const parts = JSON.parse(message?.parts ?? "[]") as Chunk[];
  expect(ofDraft(parts).length).toBeLessThanOrEqual(1);
  return { parts, text: ofDraft(parts).length === 0 ? undefined : draftIn(parts) };
}

test("a tool's draft is shown as it is written, to every reader, and kept as one part", async () => {
  const draft = { pieces: 120, size: 5, pauseMs: 5 };
  const whole = countingText(600);
  const { owner, stream, turn, seen } = await draftUnderWay(draft);
  // A page loaded in the middle of the draft gets the draft so far as one piece.
  const second = await openStream(owner, turn);
  const begun = await readUntil(second, (events) => draftIn(chunksOf(events)) !== "");
  expect(ofDraft(begun.at(-1)?.data ?? [])).toHaveLength(1);
  expect(draftIn(chunksOf(begun)).length).toBeGreaterThanOrEqual(50);
  // A reader that reconnects gets the rest.
  const resumed = await openStream(owner, { ...turn, lastEventId: seen[0]?.id ?? "" });
  const [first, other, third] = await Promise.all([stream.rest(), second.rest(), resumed.rest()]);
  const all = [...seen, ...first];
  for (const events of [all, [...begun, ...other], [...seen.slice(0, 1), ...third]]) {
    expect(draftIn(chunksOf(events))).toBe(whole);
    expect(endOf(chunksOf(events))).toMatchObject({ status: "complete" });
  }
  const afterSeq = Number(seen[0]?.id.split(":")[1]);
  const readers = [{ events: all }, { events: [...begun, ...other] }, { afterSeq, events: third }];
  expect(await expectSound(owner, turn, readers)).toBe("complete");
  const { parts, text } = await storedDraft(owner, turn);
  expect(text).toBe(whole);
  expect(parts).toMatchObject([
    { type: "step-start" },
    { type: "tool-writeDraft", state: "output-available", output: { length: 600 } },
    { type: "data-draft", data: { chatId: turn.chatId } },
    { type: "step-start" },
    { type: "text" },
  ]);
  // A later page load gets the draft in one piece too.
  const later = chunksOf(await (await openStream(owner, turn)).rest());
  expect(ofDraft(later)).toHaveLength(1);
  expect(draftIn(later)).toBe(whole);
});

test("a crash in mid-draft loses nothing of it that was shown", async () => {
  const { owner, turn, stream, seen } = await draftUnderWay(endlessDraft);
  await crash(owner, turn.chatId);
  const events = [...seen, ...(await stream.rest())];
  expect(endOf(chunksOf(events))).toMatchObject({ status: "interrupted" });
  expect(await expectSound(owner, turn, [{ events }])).toBe("interrupted");
  const { parts, text } = await storedDraft(owner, turn);
  expect(text).toBe(draftIn(chunksOf(events)));
  expect(text).toBe(countingText(text?.length ?? 0));
  expect(parts).toContainEqual(
    expect.objectContaining({ type: "tool-writeDraft", state: "output-error" }),
  );
});

test("an answer that was stopped takes no more of a draft, whatever its tool does", async () => {
  const { owner, turn, stream, seen } = await draftUnderWay(endlessDraft);
  await owner.api.messages.stop.mutate(turn);
  const log = await logOf(owner, turn);
  const written = emittedIn(turn.chatId);
  await expect.poll(() => emittedIn(turn.chatId)).toBeGreaterThan(written + 10);
  expect(await logOf(owner, turn)).toEqual(log);
  const events = [...seen, ...(await stream.rest())];
  expect(await expectSound(owner, turn, [{ events }])).toBe("stopped");
  expect((await storedDraft(owner, turn)).text).toBe(draftIn(chunksOf(events)));
});

test("a draft counts towards the answer's length, which ends at its bound", async () => {
  const owner = await callerFor("owner");
  const chatId = newId();
  setFaults({ userId: owner.user.id, chatId }, { limits: { contentMaxBytes: 1_000 } });
  const { stream, ...turn } = await ask(owner, draftQuestion(endlessDraft), chatId);
  const events = await stream.rest();
  expect(endOf(chunksOf(events))).toMatchObject({ status: "failed", errorCode: "length_limit" });
  const written = emittedIn(chatId);
  await expect.poll(() => emittedIn(chatId)).toBeGreaterThan(written + 10);
  expect(draftIn(chunksOf(events)).length).toBeLessThanOrEqual(1_000);
  expect(await expectSound(owner, turn, [{ events }])).toBe("failed");
});

test("a transient draft is shown to who comes later as well, and is not in the message", async () => {
  const draft = { pieces: 60, size: 5, pauseMs: 5, isTransient: true };
  const { owner, turn, stream, seen } = await draftUnderWay(draft);
  const second = await openStream(owner, turn);
  for (const events of [[...seen, ...(await stream.rest())], await second.rest()]) {
    expect(draftIn(chunksOf(events))).toBe(countingText(300));
  }
  expect(await expectSound(owner, turn, [])).toBe("complete");
  expect((await storedDraft(owner, turn)).text).toBeUndefined();
});
