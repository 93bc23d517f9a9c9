/**
 * Readers that connect while a turn is being prepared, and what they get when it does not start.
 */
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { stubOf } from "../../../../test/chat-objects.ts";
import { errorOf } from "../../../../test/client.ts";
import { type Fate, type Step, setFaults } from "../../../../test/faults.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endOf, question } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { decodeLines, type ReadResult, type StreamLine } from "../turn/turn-protocol.ts";

/** A chat with one answer. Its next step of a kind waits until the test releases it. */
async function chatThatWaits(isStep: (step: Step, detail: string) => boolean, fate?: Fate) {
  const owner = await callerFor("owner");
  const { chatId, stream } = await ask(owner, "count to 3");
  await stream.rest();
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isFirst = true;
  setFaults(
    { userId: owner.user.id, chatId },
    {
      before(step, detail) {
        if (!isFirst || !isStep(step, detail)) return undefined;
        reached.resolve();
        return released.promise;
      },
      decide(step, detail) {
        if (!isFirst || !isStep(step, detail)) return undefined;
        isFirst = false;
        return fate;
      },
    },
  );
  /**
   * A reader of the live turn, as the worker opens one. It gets its lines when the test releases
   * it.
   */
  const joinNow = async (streamId?: string): Promise<() => Promise<StreamLine[]>> => {
    const stub = stubOf(owner, chatId);
    const result = (await stub.read(streamId, undefined, "page")) as unknown as ReadResult;
    if (result.kind !== "stream") throw new Error(`There is nothing to wait for: ${result.kind}.`);
    return async () => {
      const lines: StreamLine[] = [];
      for await (const line of decodeLines(result.stream, undefined)) lines.push(line);
      return lines;
    };
  };
  return { owner, chatId, reached: reached.promise, release: released.resolve, joinNow };
}

test("who reads along while a message is refused is let go, and reads nothing", async () => {
  const { owner, chatId, reached, release, joinNow } = await chatThatWaits((step) => step === "d1");
  const wish = { ...question("count to 3", { chatId }), parentId: newId() };
  const refusal = errorOf(owner.api.messages.send.mutate(wish));
  await reached;
  const rest = await joinNow();
  release();
  expect((await refusal).errorCode).toBe("NOT_FOUND");
  expect(await rest()).toEqual([]);
  expect(await (await openStream(owner, { chatId })).rest()).toEqual([]);
});

test("a reader of a turn whose start is uncertain is disconnected, and then reads how it ended", async () => {
  const { owner, chatId, reached, release, joinNow } = await chatThatWaits(
    (step, sql) => step === "d1" && /insert into "messages"/.test(sql),
    "fail-after",
  );
  const wish = question("count to 3", { chatId });
  const failure = errorOf(owner.api.messages.send.mutate(wish));
  await reached;
  const rest = await joinNow();
  release();
  expect((await failure).errorCode).toBe("INTERNAL");
  takeErrors();
  expect(await rest()).toEqual([]);
  const sent = await owner.api.messages.send.mutate(wish);
  const chunks = chunksOf(await (await openStream(owner, sent)).rest());
  expect(endOf(chunks)).toEqual({ status: "interrupted" });
});
