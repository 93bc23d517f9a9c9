/** Parts of chats that were moved here: their reader keeps them, and no model gets them. */
import { convertToModelMessages } from "ai";
import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { ask, chunksOf, endOf } from "../../../test/turns.ts";
import { hasContent, historyOf } from "../messages/object/prepare/preparation.ts";

const part = { type: "data-legacy", data: { type: "hologram", json: '{"secret":"mark"}' } };
const text = { type: "text", text: "Hello." };

test("they go through import, export and a copy, and the chat goes on", async () => {
  const owner = await callerFor("owner");
  const messages = [
    oneMessage({ parts: [part, text] }),
    oneMessage({ id: "m2", parentId: "m1", role: "assistant", parts: [part], createdAt: 2 }),
  ];
  const data = fileOf(oneChat(messages, { currentMessageId: "m2" }));
  const { imported, failures } = await owner.api.chats.import.mutate({ data });
  expect(failures).toEqual([]);
  const chatId = imported[0]?.chatId ?? "";
  const expected = [{ parts: [part, text] }, { parts: [part] }];
  expect((await owner.api.messages.list.query({ chatId })).items).toMatchObject(expected);
  const exported = await owner.api.chats.export.query({ chatId, format: "json" });
  expect(JSON.parse(exported.text).chats[0].messages).toMatchObject(expected);
  const copy = await owner.api.chats.fork.mutate({ chatId });
  expect((await owner.api.messages.list.query({ chatId: copy.id })).items).toMatchObject(expected);
  const { stream } = await ask(owner, "Go on.", chatId);
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
});

test("data that says nothing of what it was is refused", async () => {
  const owner = await callerFor("owner");
  const nameless = { type: "data-legacy", data: { json: "1" } };
  const data = fileOf(oneChat([oneMessage({ parts: [nameless] })]));
  expect((await owner.api.chats.import.mutate({ data })).failures).toMatchObject([
    { message: expect.stringMatching(/"data-legacy"/) },
  ]);
});

test("a model gets none of them, nor a message of nothing else", async () => {
  const message = (id: string, role: "user" | "assistant", parts: readonly object[]) => ({
    ...{ id, chatId: "c", parentId: null, role, parts: JSON.stringify(parts), status: "complete" },
    ...{ modelId: null, streamId: null, inputTokens: null, outputTokens: null, errorCode: null },
    ...{ createdAt: 1, finishedAt: 1 },
  });
  const history = historyOf([
    message("2", "assistant", [part]),
    message("1", "user", [part, text]),
  ] as unknown as Parameters<typeof historyOf>[0]);
  expect(history.map(({ id }) => id)).toEqual(["1"]);
  expect(hasContent({ id: "2", role: "assistant", parts: [part] } as never)).toBe(false);
  const given = await convertToModelMessages(history);
  expect(given).toEqual([{ role: "user", content: [{ type: "text", text: "Hello." }] }]);
});
