/**
 * Gemini's wire protocol, through the chat's object: what the provider does, and what it is sent.
 */
import { expect, inject, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { type Faults, setFaults } from "../../../../test/faults.ts";
import { expectEnded, expectSound } from "../../../../test/invariants.ts";
import { ask, chunksOf, endOf, readUntil, textOf } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";

const aimockUrl = inject("aimockUrl");

/** An answer from the provider. The key marks this chat's connections. */
async function answering(question: string, limits?: Faults["limits"]) {
  const owner = await callerFor("owner");
  const chatId = newId();
  const key = { userId: owner.user.id, chatId };
  setFaults(key, {
    ai: {
      GOOGLE_GENERATIVE_AI_API_KEY: chatId,
      GOOGLE_GENERATIVE_AI_BASE_URL: `${aimockUrl}/v1beta`,
    },
    ...(limits && { limits }),
  });
  // Afterwards the demo model answers the chat, as in all other tests.
  const heal = () => setFaults(key, undefined);
  return { owner, heal, ...(await ask(owner, question, chatId)) };
}

/** Whether a connection of this chat was closed before the provider had finished. */
async function isLeft(chatId: string): Promise<boolean> {
  const left = (await (await fetch(`${aimockUrl}/connections/left`)).json()) as string[];
  return left.includes(chatId);
}

test("an answer comes over the wire, and ends complete", async () => {
  const { owner, heal, stream, ...turn } = await answering("say hello");
  const events = await stream.rest();
  expect(textOf(chunksOf(events))).toBe("Hello from the wire.");
  heal();
  expect(await expectSound(owner, turn, [{ events }])).toBe("complete");
  expect(await isLeft(turn.chatId)).toBe(false);
});

test.for([
  ["use up the quota", "quota"],
  ["overload", "overloaded"],
  ["wrong key", "key"],
  ["say the forbidden", "blocked"],
  ["send rubbish", "cut"],
  ["break off", "cut"],
])(
  "a provider that is asked to %s: failed, as %s, with all that came",
  async ([question = "", errorCode]) => {
    const { owner, heal, stream, ...turn } = await answering(question);
    const events = await stream.rest();
    expect(endOf(chunksOf(events))).toMatchObject({ status: "failed", errorCode });
    if (question === "break off") expect(textOf(chunksOf(events))).toMatch(/^word1 word2 /);
    heal();
    expect(await expectSound(owner, turn, [{ events }])).toBe("failed");
  },
);

test("a stop closes the connection to the provider", async () => {
  const { owner, heal, stream, ...turn } = await answering("never end");
  const events = await readUntil(stream, (seen) => textOf(chunksOf(seen)) !== "");
  expect(await isLeft(turn.chatId)).toBe(false);
  await owner.api.messages.stop.mutate(turn);
  await expect.poll(() => isLeft(turn.chatId)).toBe(true);
  events.push(...(await stream.rest()));
  heal();
  expect(await expectSound(owner, turn, [{ events }])).toBe("stopped");
});

test.for<[string, Faults["limits"]]>([
  ["stalled", { stallMs: 200 }],
  ["time_limit", { totalMs: 700 }],
  ["length_limit", { contentMaxBytes: 4 }],
])("an answer that ends by %s closes it too", async ([errorCode, limits]) => {
  // Two chunks a second: too slow for the first limit, too long for the others.
  const { owner, heal, stream, ...turn } = await answering("never end", limits);
  const events = await stream.rest();
  expect(endOf(chunksOf(events))).toMatchObject({ status: "failed", errorCode });
  await expect.poll(() => isLeft(turn.chatId)).toBe(true);
  heal();
  expect(await expectEnded(owner, turn, [{ events }])).toBe("failed");
});

test("it stays open when the last reader leaves: the answer belongs to the object", async () => {
  const { owner, heal, stream, ...turn } = await answering("break off");
  const events = await readUntil(stream, (seen) => seen.length >= 1);
  await stream.cancel();
  heal();
  // It was read up to the point where the provider broke off.
  expect(await expectSound(owner, turn, [{ events }])).toBe("failed");
  const answer = (await owner.api.messages.list.query({ chatId: turn.chatId })).items.find(
    ({ id }) => id === turn.assistantMessageId,
  );
  expect(answer).toMatchObject({ status: "failed", errorCode: "cut" });
});
