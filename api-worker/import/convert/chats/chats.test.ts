/** Chats of every state of the template become branches. */
import { expect, test } from "vitest";
import {
  ada,
  at,
  chatGroup,
  chatId,
  codesOf,
  contextOf,
  convertChat,
  messageRow,
  messagesOf,
  msAt,
  oldRow,
  rowsOf,
  shape,
  uuid,
} from "../../test/conversion.ts";
import { collectFiles } from "../convert-group.ts";

const text = (value: string) => [{ type: "text", text: value }];
const textsOf = (converted: ReturnType<typeof convertChat>) =>
  messagesOf(converted).map(({ role, parts }) => {
    return `${role}: ${parts.map((part) => ("text" in part ? part.text : part.type)).join("+")}`;
  });
/** Each message's parent by its place. */
const parentsOf = (converted: ReturnType<typeof convertChat>) => {
  const messages = messagesOf(converted);
  return messages.map(({ parentId }) => messages.findIndex(({ id }) => id === parentId));
};

test("a linear chat is a branch in the order of time, and its ids stay", () => {
  const converted = convertChat({
    messages: [
      messageRow(3, "user", text("c")),
      messageRow(1, "user", text("a")),
      messageRow(2, "assistant", text("b")),
    ],
  });
  expect(rowsOf(converted, "messages")).toEqual(
    ["a", "b", "c"].map((letter, index) => ({
      ...{ userId: ada, chatId, id: uuid(index + 1), parentId: index ? uuid(index) : null },
      ...{ role: index === 1 ? "assistant" : "user", parts: JSON.stringify(text(letter)) },
      ...{ status: "complete", modelId: null, streamId: null, inputTokens: null },
      ...{
        outputTokens: null,
        errorCode: null,
        createdAt: msAt(index + 1),
        finishedAt: msAt(index + 1),
      },
    })),
  );
  expect(rowsOf(converted, "chats")).toEqual([
    {
      ...{ userId: ada, id: chatId, title: "Tea", titleSource: "owner", visibility: "private" },
      ...{ currentMessageId: uuid(3), createdAt: msAt(0), updatedAt: msAt(3) },
    },
  ]);
  expect(converted.findings).toEqual([]);
});

test("of messages of one time the question comes first, and microseconds count", () => {
  const converted = convertChat({
    messages: [
      messageRow(2, "assistant", text("b"), { second: 1 }),
      messageRow(1, "user", text("a"), { second: 1 }),
      { ...messageRow(4, "assistant", text("d")), createdAt: "2024-05-01 10:00:02.000002" },
      { ...messageRow(3, "user", text("c")), createdAt: "2024-05-01 10:00:02.000001" },
    ],
  });
  expect(textsOf(converted)).toEqual(["user: a", "assistant: b", "user: c", "assistant: d"]);
});

test("times without a zone are of the zone that was given", () => {
  const chat = { createdAt: "2024-05-01 10:00:00", userId: ada, title: "Tea" };
  const created = (zone: string) =>
    rowsOf(convertChat({ chat }, contextOf({ zone })), "chats")[0]?.createdAt;
  expect(created("UTC")).toBe(Date.UTC(2024, 4, 1, 10));
  expect(created("Europe/Berlin")).toBe(Date.UTC(2024, 4, 1, 8));
  expect(created("Asia/Kolkata")).toBe(Date.UTC(2024, 4, 1, 4, 30));
});

test("times that cannot be read are those of the message before", () => {
  const converted = convertChat({
    messages: [
      messageRow(1, "user", text("a")),
      { ...messageRow(2, "assistant", text("b")), createdAt: "infinity" },
    ],
  });
  expect(messagesOf(converted).map(({ createdAt }) => createdAt)).toEqual([msAt(1), msAt(1)]);
  expect(codesOf(converted)).toEqual(["time-unreadable"]);
});

test("roles that no message has here are kept with all their data, and empty messages keep their place", () => {
  const converted = convertChat({
    messages: [
      messageRow(1, "system", text("Be kind.")),
      messageRow(2, "user", []),
      messageRow(3, "data", { a: 1 }),
      messageRow(4, "assistant", text("Yes.")),
    ],
  });
  expect(textsOf(converted)).toEqual([
    "assistant: data-legacy",
    "user: ",
    "assistant: data-legacy",
    "assistant: Yes.",
  ]);
  const [system] = messagesOf(converted);
  expect(system?.parts[0]).toMatchObject({
    data: {
      type: "system",
      json: JSON.stringify({ role: "system", parts: text("Be kind."), attachments: [] }),
    },
  });
  expect(parentsOf(converted)).toEqual([-1, 0, 1, 2]);
});

test("a chat without messages, and a title that is too long", () => {
  const title = `\u0000  ${"👨‍👩‍👧 ".repeat(60)}`;
  const converted = convertChat({
    chat: { userId: ada, title, createdAt: at(0), visibility: "secret" },
  });
  const [row] = rowsOf(converted, "chats");
  expect(row).toMatchObject({ currentMessageId: null, updatedAt: msAt(0), visibility: "private" });
  expect(String(row?.title).length).toBeLessThanOrEqual(120);
  expect(String(row?.title)).toMatch(/^(👨‍👩‍👧 )*👨‍👩‍👧$/u);
  expect(codesOf(converted)).toEqual(["visibility-unknown"]);
});

test("a public chat has its row in the home database", () => {
  const chat = { userId: ada, title: "Tea", createdAt: at(0), visibility: "public" };
  const converted = convertChat({ chat });
  expect(converted.tables.at(-1)).toEqual({
    ...{ table: "publicChats", database: "home", key: ["chatId"] },
    rows: [{ chatId, userId: ada, createdAt: msAt(0) }],
  });
  expect(rowsOf(convertChat({}), "publicChats")).toEqual([]);
});

test("a chat whose owner does not exist is kept, and listed", () => {
  const converted = convertChat({}, contextOf({ userIds: new Set() }));
  expect(rowsOf(converted, "chats")).toHaveLength(1);
  expect(codesOf(converted)).toEqual(["owner-missing"]);
});

const calling = {
  type: "tool-call",
  toolCallId: "c1",
  toolName: "getWeather",
  args: { city: "Oslo" },
};
const result = { type: "tool-result", toolCallId: "c1", toolName: "getWeather", result: { c: 4 } };

test("rows of Message become answers as the template's own conversion made them", () => {
  const converted = convertChat({
    oldMessages: [
      oldRow(1, "user", "How is Oslo?"),
      oldRow(2, "assistant", [{ type: "text", text: "I look." }, calling]),
      // Of one time, in a wrong order.
      oldRow(
        4,
        "assistant",
        [
          { type: "text", text: "Cold." },
          { type: "reasoning", reasoning: "Hm" },
        ],
        3,
      ),
      oldRow(3, "tool", [result], 3),
      oldRow(5, "user", [
        { type: "text", text: "And" },
        { type: "image", image: "https://a.example/x.png" },
      ]),
      oldRow(6, "assistant", "So."),
    ],
    oldVotes: [
      { chatId, messageId: uuid(4), isUpvoted: "f" },
      { chatId, messageId: uuid(6), isUpvoted: "t" },
    ],
  });
  const messages = messagesOf(converted);
  expect(messages.map(({ id }) => id)).toEqual([uuid(1), uuid(2), uuid(5), uuid(6)]);
  expect(messages[1]?.parts).toEqual([
    { type: "text", text: "I look." },
    {
      ...{ type: "tool-getWeather", toolCallId: "c1", input: { city: "Oslo" } },
      ...{ state: "output-available", output: { c: 4 } },
    },
    { type: "step-start" },
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "Cold." },
  ]);
  expect(messages[2]?.parts.map(({ type }) => type)).toEqual(["text", "file"]);
  expect(messages[1]?.createdAt).toBe(msAt(2));
  expect(rowsOf(converted, "votes")).toEqual([
    { userId: ada, messageId: uuid(2), isUpvoted: 0, updatedAt: msAt(2) },
    { userId: ada, messageId: uuid(6), isUpvoted: 1, updatedAt: msAt(6) },
  ]);
});

test("results without a call, calls without a result, and repeated pieces", () => {
  const converted = convertChat({
    oldMessages: [
      oldRow(1, "tool", [result]),
      oldRow(2, "assistant", [
        { type: "text", text: "A" },
        { ...calling, toolCallId: "c2" },
      ]),
      oldRow(3, "assistant", [{ type: "text", text: "A" }]),
      oldRow(4, "system", "Be kind."),
      oldRow(5, "assistant", [{ ...calling, toolCallId: "c3" }]),
      oldRow(6, "tool", [
        { ...result, toolCallId: "c3", isError: true, result: "No." },
        { type: "text", text: "odd" },
      ]),
    ],
  });
  const [first, system, second] = messagesOf(converted);
  expect(first?.parts).toMatchObject([
    { type: "tool-getWeather", state: "output-available", output: { c: 4 } },
    { type: "step-start" },
    { type: "text", text: "A" },
    { toolCallId: "c2", state: "output-error" },
  ]);
  expect(system?.parts).toMatchObject([{ type: "data-legacy", data: { type: "system" } }]);
  expect(second?.parts).toMatchObject([
    { toolCallId: "c3", state: "output-error", errorText: "No." },
    { type: "text", text: "odd" },
  ]);
});

test("rows in both forms come over once, and votes follow them", () => {
  const converted = convertChat({
    messages: [
      messageRow(1, "user", text("Hi")),
      messageRow(2, "assistant", text("Yes.")),
      messageRow(9, "user", text("More")),
    ],
    oldMessages: [
      oldRow(1, "user", "Hi"),
      oldRow(2, "assistant", [{ type: "text", text: "Ye" }]),
      oldRow(3, "assistant", [{ type: "text", text: "s." }], 3),
      // Not taken over, or deleted since.
      oldRow(4, "user", "Old"),
      oldRow(5, "assistant", "Older"),
    ],
    votes: [{ chatId, messageId: uuid(2), isUpvoted: "t" }],
    oldVotes: [
      { chatId, messageId: uuid(3), isUpvoted: "f" },
      { chatId, messageId: uuid(5), isUpvoted: "f" },
      { chatId, messageId: uuid(77), isUpvoted: "f" },
    ],
  });
  expect(textsOf(converted)).toEqual([
    "user: Hi",
    "assistant: Yes.",
    "user: More",
    "user: Old",
    "assistant: Older",
  ]);
  expect(parentsOf(converted)).toEqual([-1, 0, 1, 1, 3]);
  expect(rowsOf(converted, "chats")[0]).toMatchObject({ currentMessageId: uuid(9) });
  expect(rowsOf(converted, "votes")).toMatchObject([
    { messageId: uuid(2), isUpvoted: 1 },
    { messageId: uuid(5), isUpvoted: 0 },
  ]);
  expect(codesOf(converted)).toEqual([
    "message-beside",
    "message-beside",
    "vote-twice",
    "vote-without-message",
  ]);
});

test("a row that was not taken over is in its place when a later one was", () => {
  const converted = convertChat({
    messages: [messageRow(2, "assistant", text("b")), messageRow(3, "user", text("c"))],
    oldMessages: [oldRow(1, "user", "a"), oldRow(2, "assistant", "b")],
  });
  expect(textsOf(converted)).toEqual(["user: a", "assistant: b", "user: c"]);
  expect(parentsOf(converted)).toEqual([-1, 0, 1]);
});

test("a chat that went on in the new table without a conversion is one branch", () => {
  const converted = convertChat({
    messages: [messageRow(3, "user", text("c"))],
    oldMessages: [oldRow(1, "user", "a"), oldRow(2, "assistant", "b")],
  });
  expect(textsOf(converted)).toEqual(["user: a", "assistant: b", "user: c"]);
  expect(parentsOf(converted)).toEqual([-1, 0, 1]);
});

const inline = (messages: unknown) => ({
  chat: { userId: ada, title: null, createdAt: at(0), messages: JSON.stringify(messages) },
});

test("messages in the chat's row, as a model was given them, written as JSON in JSON", () => {
  const messages = [
    { role: "user", content: "How is Oslo?\nToday" },
    { role: "assistant", content: [calling] },
    { role: "tool", content: [result] },
    { role: "assistant", content: "Cold." },
  ];
  const converted = convertChat(inline(JSON.stringify(messages)));
  expect(textsOf(converted)).toEqual([
    "user: How is Oslo?\nToday",
    "assistant: tool-getWeather+step-start+Cold.",
  ]);
  const { title, updatedAt } = rowsOf(converted, "chats")[0] ?? {};
  expect([title, updatedAt]).toEqual(["How is Oslo?", msAt(0)]);
  expect(codesOf(converted)).toEqual(["message-ids-renamed"]);
  const again = convertChat(inline(JSON.stringify(messages)));
  expect(messagesOf(again)).toEqual(messagesOf(converted));
});

test("messages in the chat's row, as a page had them", () => {
  const converted = convertChat(
    inline([
      {
        ...{ id: "abc", role: "user", content: "Look", createdAt: "2024-05-01T10:00:07.000Z" },
        experimental_attachments: [{ url: "https://a.example/x.png", contentType: "image/png" }],
        ...{ data: { a: 1 }, annotations: [{ messageIdFromServer: "x" }] },
      },
      {
        id: uuid(7),
        role: "assistant",
        content: "",
        toolInvocations: [{ ...calling, state: "result", result: 4 }],
      },
      {
        ...{ id: uuid(8), role: "assistant", content: "Cold it is.", reasoning: "Hm" },
        parts: [
          { type: "text", text: "Cold " },
          { type: "text", text: "it is." },
        ],
      },
      {
        id: uuid(9),
        role: "assistant",
        content: "And more",
        parts: [{ type: "text", text: "Less" }],
      },
    ]),
  );
  const messages = messagesOf(converted);
  expect(textsOf(converted)).toEqual([
    "user: file+Look+data-legacy",
    "assistant: tool-getWeather",
    "assistant: Cold +it is.+Hm",
    "assistant: Less+And more",
  ]);
  expect(messages[0]?.parts[2]).toMatchObject({ data: { json: '{"data":{"a":1}}' } });
  expect(messages.map(({ id }) => id).slice(1)).toEqual([uuid(7), uuid(8), uuid(9)]);
  expect(messages[0]?.createdAt).toBe(msAt(7));
});

test("messages in the chat's row that became rows come over once", () => {
  const again = {
    ...inline([
      { id: "a", role: "user", content: "Hi" },
      { id: "b", role: "user", content: "Bye" },
    ]),
  };
  const converted = convertChat({ ...again, messages: [messageRow(1, "user", text("Hi"))] });
  expect(textsOf(converted)).toEqual(["user: Hi", "user: Bye"]);
  expect(parentsOf(converted)).toEqual([-1, -1]);
});

test("an id that is none of the product's, or is used twice, becomes the same new one each time", () => {
  const noVersion = "00000000-0000-0000-0000-000000000001";
  const rows = [
    { ...messageRow(1, "user", text("a")), id: noVersion },
    messageRow(2, "assistant", text("b")),
    messageRow(2, "assistant", text("c"), { second: 3 }),
  ];
  const group = { messages: rows, oldMessages: [oldRow(4, "user", "d")] };
  const context = contextOf({ repeatedMessageIds: new Set([uuid(2), uuid(4)]) });
  const converted = convertChat(group, context);
  const ids = messagesOf(converted).map(({ id }) => id);
  expect(textsOf(converted)).toEqual(["user: a", "assistant: b", "assistant: c", "user: d"]);
  expect(new Set(ids).size).toBe(4);
  expect(ids.map((id) => [noVersion, uuid(2), uuid(4)].includes(id))).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect(converted.findings.map(({ text: sentence }) => sentence).join()).toContain(
    "3 messages have a new id",
  );
  expect(messagesOf(convertChat(group, context))).toEqual(messagesOf(converted));
});

test("a message that is too large is a file, and the row has its beginning", () => {
  const long = "Täglich Brot. ".repeat(80_000);
  const group = chatGroup({ messages: [messageRow(1, "user", text(long))] });
  const [file] = collectFiles(group, contextOf());
  expect(file).toMatchObject({
    userId: ada,
    chatId,
    name: "Message.txt",
    mediaType: "text/plain",
    content: long,
  });
  expect(file?.url).toMatch(/^overflow:message\//);
  const converted = convertChat(group);
  const [message] = messagesOf(converted);
  expect(message?.parts.map(({ type }) => type)).toEqual(["text", "file"]);
  expect(long.startsWith(String(message?.parts[0]?.text).slice(0, -1))).toBe(true);
  expect(message?.parts[1]).toMatchObject({ filename: "Message.txt", mediaType: "text/plain" });
  expect(codesOf(converted)).toEqual(["message-too-large"]);
});

test("a message of one kind and another that is too large is a file with all of its parts", () => {
  const url = "https://a.example/x.png";
  const parts = [
    ...text("Look"),
    { type: "tool-x", toolCallId: "c", state: "output-available", output: "x".repeat(1e6) },
  ];
  const messages = [
    messageRow(1, "assistant", [...parts, { type: "file", url, mediaType: "image/png" }]),
  ];
  const files = collectFiles(chatGroup({ messages }), contextOf());
  expect(files.map(({ name }) => name)).toEqual(["Message.json", ""]);
  expect(JSON.parse(files[0]?.content ?? "")).toEqual([
    ...parts,
    { type: "file", url, filename: "", mediaType: "image/png" },
  ]);
});

test("the schema without visibility has private chats, and says nothing of them", () => {
  const tables = new Map([["Chat", { name: "Chat", columns: [], primaryKey: ["id"] }]]);
  const chat = { userId: ada, title: "Tea", createdAt: at(0), visibility: null };
  const converted = convertChat({ chat }, contextOf({ shape: { ...shape, tables } }));
  expect(rowsOf(converted, "chats")[0]?.visibility).toBe("private");
  expect(converted.findings).toEqual([]);
});
