import type { MessageListOutput, MessageOutput } from "api-worker/contracts";
import { expect, test, vi } from "vitest";
import { messageStatus, messageText } from "../../messages/message.ts";
import { answerChunks, FakePort, play } from "../../messages/testing/fake-port.ts";
import { ChatSession } from "./chat-session.ts";

function stored(id: string, parentId: string | null, change: Partial<MessageOutput> = {}) {
  return {
    id,
    chatId: "chat-1",
    parentId,
    role: id.startsWith("question") ? "user" : "assistant",
    parts: [{ type: "text", text: id }],
    status: "complete",
    modelId: null,
    streamId: id.startsWith("answer") ? `turn of ${id}` : null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    createdAt: 0,
    finishedAt: null,
    siblingIds: [],
    ...change,
  } satisfies MessageOutput;
}

const branch = [
  stored("question-1", null),
  stored("answer-1", "question-1"),
  stored("question-2", "answer-1"),
  stored("answer-2", "question-2"),
];

function setUp(items: MessageOutput[] = branch, nextCursor: string | null = null) {
  const port = new FakePort();
  port.onList = () => ({ items, nextCursor });
  port.onConnect = (connection) => {
    const { streamId = "" } = connection.position;
    const chunks = answerChunks(["new"], "complete", streamId).map((chunk) =>
      chunk.type === "start" ? { ...chunk, messageId: "answer-new" } : chunk,
    );
    play(connection, chunks, { streamId });
  };
  const turn = { chatId: "chat-1", streamId: "turn-new", assistantMessageId: "answer-new" };
  port.onSend = () => turn;
  port.onBegin = () => turn;
  const session = new ChatSession({
    chatId: "chat-1",
    newestPage: { items, nextCursor },
    port,
    events: { onTurnStarted() {}, onTurnEnded() {}, onTitle() {}, onLoggedOut() {} },
  });
  const shown = () => session.chat.messages.map((message) => messageText(message));
  const idle = () => vi.waitFor(() => expect(session.isBusy).toBe(false));
  return { port, session, shown, idle };
}

const refusal = Object.assign(new Error("This model isn’t available."), {
  data: { errorCode: "INVALID", httpStatus: 400, requestId: "r" },
});

test("an edit shows at once, has the message's parent, and is a new version of the message", async () => {
  const { session, port, shown, idle } = setUp();
  const hasBegun = session.start({ kind: "edit", messageId: "question-2", text: "otherwise" });
  expect(shown()).toEqual(["question-1", "answer-1", "otherwise", ""]);
  expect(await hasBegun).toBe(true);
  expect(port.sent[0]).toMatchObject({ parentId: "answer-1" });
  const [{ message } = { message: { id: "" } }] = port.sent;
  expect(session.state.versions.get(message.id)).toEqual(["question-2", message.id]);
  await idle();
  expect(shown()).toEqual(["question-1", "answer-1", "otherwise", "new"]);
});

test("an edit of the first message is sent with the parent null", async () => {
  const { session, port, idle } = setUp();
  await session.start({ kind: "edit", messageId: "question-1", text: "otherwise" });
  expect(port.sent[0]?.parentId).toBeNull();
  await idle();
});

test("a refused edit is undone, with the reason", async () => {
  const { session, port, shown, idle } = setUp();
  port.onSend = () => {
    throw refusal;
  };
  expect(
    await session.start({
      kind: "edit",
      messageId: "question-2",
      text: "otherwise",
      modelId: "none",
    }),
  ).toBe(false);
  await idle();
  expect(shown()).toEqual(["question-1", "answer-1", "question-2", "answer-2"]);
  expect(session.state).toMatchObject({ problem: "This model isn’t available." });
  expect(session.state.versions.size).toBe(0);
});

test("a regenerated answer replaces the shown one", async () => {
  const { session, shown, idle } = setUp();
  const hasBegun = session.start({ kind: "regenerate", messageId: "answer-1" });
  expect(shown()).toEqual(["question-1", ""]);
  expect(await hasBegun).toBe(true);
  expect(session.state.versions.get("answer-1")).toEqual(["answer-1", "answer-new"]);
  await idle();
  expect(shown()).toEqual(["question-1", "new"]);
});

test("no turn starts while an answer is being written, and the reader is told why", async () => {
  const { session, port, idle } = setUp();
  port.onConnect = () => {};
  session.start({ kind: "regenerate", messageId: "answer-2" });
  expect(session.start({ kind: "edit", messageId: "question-1", text: "otherwise" })).toBeNull();
  await session.selectBranch("answer-1");
  expect(session.state.problem).toMatch(/still being written/);
  expect(port.sent).toEqual([]);
  session.noteDeleted();
  await idle();
});

test("an approval is recorded in the message of its tool call", async () => {
  const waiting = {
    type: "tool-getWeather",
    toolCallId: "call",
    state: "approval-requested",
    input: { place: "Oslo" },
    approval: { id: "approval" },
  };
  const { session, port, idle } = setUp([
    stored("question-1", null),
    stored("answer-new", "question-1", { parts: [waiting] }),
  ]);
  const hasBegun = session.start({
    kind: "approve",
    approvals: [{ approvalId: "approval", isApproved: true }],
  });
  const [answer] = session.chat.messages.slice(-1);
  expect(answer?.parts[0]).toMatchObject({ state: "approval-responded" });
  expect(answer && messageStatus(answer)).toBe("streaming");
  expect(await hasBegun).toBe(true);
  expect(port.approved).toEqual([[{ approvalId: "approval", isApproved: true }]]);
  await idle();
});

test("revealing an older message loads it, and one on another branch selects that branch", async () => {
  const { session, port, shown } = setUp(branch.slice(2), "answer-1");
  port.onList = (cursor) =>
    cursor === "answer-1"
      ? { items: branch.slice(0, 2), nextCursor: null }
      : { items: [stored("question-0", null), stored("answer-0", "question-0")], nextCursor: null };
  expect(await session.reveal("question-1")).toBe(true);
  expect(shown()).toEqual(["question-1", "answer-1", "question-2", "answer-2"]);
  const selected: string[] = [];
  port.onSelect = (messageId) => selected.push(messageId);
  expect(await session.reveal("question-0")).toBe(true);
  expect(selected).toEqual(["question-0"]);
  expect(shown()).toEqual(["question-0", "answer-0"]);
  expect(await session.reveal("question-9")).toBe(false);
});

test("finding an older message returns it with its parent, and does not show it", async () => {
  const { session, port, shown } = setUp(branch.slice(3), "question-2");
  const pages: Record<string, MessageListOutput> = {
    "question-2": { items: branch.slice(1, 3), nextCursor: "answer-1" },
    "answer-1": { items: branch.slice(0, 1), nextCursor: null },
  };
  port.onList = (cursor = "") => pages[cursor] ?? { items: [], nextCursor: null };
  const find = async (id: string) => (await session.history.find(id)).map((message) => message.id);
  expect(await find("question-2")).toEqual(["answer-1", "question-2"]);
  // On two pages.
  expect(await find("answer-1")).toEqual(["question-1", "answer-1"]);
  expect(await find("question-1")).toEqual(["question-1"]);
  expect(await find("answer-9")).toEqual([]);
  expect(shown()).toEqual(["answer-2"]);
  expect(session.state.isLoadingOlder).toBe(false);
});

test("forgotten older messages are loaded again from their position", async () => {
  const { session, port, shown } = setUp();
  session.history.forgetOlder(2);
  expect(shown()).toEqual(["question-2", "answer-2"]);
  expect(session.state.hasOlder).toBe(true);
  const cursors: (string | undefined)[] = [];
  port.onList = (cursor) => {
    cursors.push(cursor);
    return { items: branch.slice(0, 2), nextCursor: null };
  };
  await session.history.loadOlder();
  expect(cursors).toEqual(["answer-1"]);
  expect(shown()).toHaveLength(4);
});

test("news of a change that arrives while the session is busy is handled afterwards", async () => {
  const { session, port, shown, idle } = setUp();
  session.start({ kind: "regenerate", messageId: "answer-2" });
  session.noteChange();
  port.onList = () => ({ items: branch.slice(0, 2), nextCursor: null });
  await idle();
  await vi.waitFor(() => expect(shown()).toEqual(["question-1", "answer-1"]));
});

test("a question at the end is answered, and only that one", async () => {
  const items = [...branch, stored("question-3", "answer-2")];
  const { session, port, shown, idle } = setUp(items);
  const begin = vi.spyOn(port, "start");
  expect(session.start({ kind: "regenerate", messageId: "question-2" })).toBeNull();
  const hasBegun = session.start({ kind: "regenerate", messageId: "question-3", modelId: "demo" });
  expect(shown().at(-2)).toBe("question-3");
  expect(await hasBegun).toBe(true);
  const input = { chatId: "chat-1", messageId: "question-3", modelId: "demo", onlyIfLast: true };
  expect(begin).toHaveBeenCalledExactlyOnceWith({ kind: "regenerate", input });
  await idle();
  expect(shown().slice(-2)).toEqual(["question-3", "new"]);
  expect(session.state.versions.size).toBe(0);
});

test("a message follows a question that has no answer", async () => {
  const { session, port, idle, shown } = setUp([stored("question-1", null)]);
  await session.start({ kind: "send", text: "next" });
  expect(port.sent[0]?.parentId).toBe("question-1");
  await idle();
  expect(shown()).toEqual(["question-1", "next", "new"]);
});
