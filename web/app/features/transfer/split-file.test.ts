import { expect, test } from "vitest";
import { isTooLarge, splitFile } from "./split-file.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index }));

test("our own file and ChatGPT's are split into files of the same format, in order", () => {
  const own = splitFile({ format: "alleato-chat", version: 1, chats: numbers(60) });
  expect(own.map(({ count }) => count)).toEqual([25, 25, 10]);
  expect(own.every(({ data }) => (data as { version: number }).version === 1)).toBe(true);
  expect(own.flatMap(({ data }) => (data as { chats: unknown[] }).chats)).toEqual(numbers(60));
  const theirs = splitFile(numbers(30));
  expect(theirs.flatMap(({ data }) => data)).toEqual(numbers(30));
});

test("documents without a chat come after the chats, and are sent once", () => {
  const file = { format: "alleato-chat", version: 1, chats: numbers(26), documents: numbers(30) };
  const pieces = splitFile(file);
  expect(pieces.map(({ kind, count, before }) => [kind, count, before])).toEqual([
    ["chat", 25, 0],
    ["chat", 1, 25],
    ["document", 25, 0],
    ["document", 5, 25],
  ]);
  const sent = pieces.map(({ data }) => data as { chats: unknown[]; documents?: unknown[] });
  expect(sent.flatMap(({ chats }) => chats)).toEqual(numbers(26));
  expect(sent.flatMap(({ documents = [] }) => documents)).toEqual(numbers(30));
  expect(splitFile({ ...file, chats: [] })).toHaveLength(2);
});

test("large chats are sent alone, and one that is too large is recognised", () => {
  const chat = (length: number) => ({ text: "x".repeat(length) });
  const pieces = splitFile([chat(1_500_000), chat(1_500_000), chat(10), chat(17_000_000)]);
  expect(pieces.map(({ count }) => count)).toEqual([1, 2, 1]);
  expect(pieces.map(isTooLarge)).toEqual([false, false, true]);
});

test("a chat of the template stays together with its messages and votes", () => {
  const Chat = numbers(26);
  const Message_v2 = [{ chatId: 25, id: "a" }, { chatId: 0, id: "b" }, { chatId: 99 }];
  const Vote_v2 = [{ chatId: 25, messageId: "a" }];
  const [first, second] = splitFile({ Chat, Message_v2, Vote_v2, User: [] });
  expect(first?.data).toEqual({
    Chat: Chat.slice(0, 25),
    Message_v2: [{ chatId: 0, id: "b" }],
    Vote_v2: [],
  });
  expect(second?.data).toEqual({
    Chat: [{ id: 25 }],
    Message_v2: [{ chatId: 25, id: "a" }],
    Vote_v2,
  });
});

test.each([[null], ["text"], [{ some: "thing" }], [{ Chat: [], Message_v2: 1 }], [[]]])(
  "data of an unknown format goes to the worker unchanged: %j",
  (data) => {
    expect(splitFile(data)).toEqual([
      { data, kind: "chat", count: Array.isArray(data) ? 0 : 1, before: 0 },
    ]);
  },
);
