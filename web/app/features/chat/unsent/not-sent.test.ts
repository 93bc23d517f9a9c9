import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStorage } from "../../../lib/local-storage.ts";
import { type FilePart, messageText } from "../../messages/message.ts";
import { answerChunks, FakePort, play } from "../../messages/testing/fake-port.ts";
import { ChatSession } from "../session/chat-session.ts";
import { unsentMessages } from "./unsent-messages.ts";

/** Sessions of successive pages over one browser's storage. */
function stubStorage(): void {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, text: string) => values.set(key, text),
    removeItem: (key: string) => values.delete(key),
  };
  const keys = { ownKeys: () => [...values.keys()] };
  const described = { enumerable: true, configurable: true };
  const proxy = new Proxy(storage, { ...keys, getOwnPropertyDescriptor: () => described });
  vi.stubGlobal("localStorage", proxy);
}

beforeEach(() => {
  vi.useFakeTimers();
  stubStorage();
  openStorage({ id: "ada", isGuest: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = () => new Promise<never>(() => {});
const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
const refused = (errorCode: string) => () =>
  Promise.reject(
    Object.assign(new Error(errorCode), { data: { errorCode, httpStatus: 400, requestId: "r" } }),
  );
const files: FilePart[] = [
  { type: "file", url: "/files/01700000-0000-7000-8000-000000000001", mediaType: "image/png" },
];

/** Opens the chat's page, as after a reload. */
function openPage(isSaved = false) {
  const port = new FakePort();
  port.onConnect = (connection) => play(connection, answerChunks(["one"]));
  port.onList = () => {
    throw Object.assign(new Error("Not found."), {
      data: { errorCode: "NOT_FOUND", httpStatus: 404, requestId: "r" },
    });
  };
  const session = new ChatSession({
    chatId: "chat-1",
    newestPage: isSaved ? { items: [], nextCursor: null } : null,
    port,
    events: { onTurnStarted() {}, onTurnEnded() {}, onTitle() {}, onLoggedOut() {} },
    unsent: unsentMessages("chat-1"),
  });
  const idle = async () => {
    while (session.isBusy) await vi.advanceTimersByTimeAsync(50);
  };
  return { port, session, idle };
}

const textsOf = ({ state }: ChatSession) => state.notSent.map(({ text }) => text);

test("a message without a response is there after a reload, and keeps its id", async () => {
  const first = openPage();
  first.port.onSend = never;
  first.session.start({ kind: "send", text: "count", files, modelId: "demo" });
  expect(textsOf(first.session)).toEqual([]);

  const second = openPage();
  await second.session.findNotSent();
  expect(second.session.state.notSent).toMatchObject([{ text: "count", files, modelId: "demo" }]);
  expect(second.session.state.isDeleted).toBe(false);
  const [{ id } = { id: "" }] = second.session.state.notSent;
  expect(second.session.sendAgain(id)).toBe(true);
  expect(textsOf(second.session)).toEqual([]);
  await second.idle();
  expect(second.port.sent).toEqual([{ ...first.port.sent[0] }]);

  const third = openPage(true);
  await third.session.findNotSent();
  expect(textsOf(third.session)).toEqual([]);
});

test.each(["during", "after"])(
  "that the chat was not there before the message was sent again is no news %s the answer",
  async (time) => {
    const first = openPage();
    first.port.onSend = never;
    first.session.start({ kind: "send", text: "count" });

    const { port, session, idle } = openPage();
    const notFound = Promise.withResolvers<never>();
    port.onList = () => notFound.promise;
    const finding = session.findNotSent();
    expect(session.sendAgain(session.state.notSent[0]?.id ?? "")).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    if (time === "after") await idle();
    notFound.reject(
      Object.assign(new Error("Not found."), {
        data: { errorCode: "NOT_FOUND", httpStatus: 404, requestId: "r" },
      }),
    );
    await finding;
    await idle();
    expect(session.state.isDeleted).toBe(false);
    expect(session.chat.messages.map(messageText)).toEqual(["count", "one"]);
  },
);

test("a message that had arrived is shown once, in the chat", async () => {
  const first = openPage();
  first.port.onSend = never;
  first.session.start({ kind: "send", text: "count" });
  const id = first.port.sent[0]?.message.id ?? "";

  const second = openPage();
  const { port, session, idle } = second;
  const page = {
    chatId: "chat-1",
    parentId: null,
    status: "complete" as const,
    modelId: null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    createdAt: 0,
    finishedAt: null,
    siblingIds: [],
  };
  const question = { ...page, id, role: "user" as const, parts: [], streamId: null };
  port.onList = () => ({ items: [question], nextCursor: null });
  await session.findNotSent();
  await idle();
  expect(textsOf(session)).toEqual([]);
  expect(session.state.isSaved).toBe(true);
  expect(unsentMessages("chat-1").list()).toEqual([]);
});

test("a refused message is kept until the composer has it", async () => {
  const { port, session, idle } = openPage();
  port.onSend = refused("INVALID");
  session.start({ kind: "send", text: "count" });
  await idle();
  expect(session.state.unsent?.text).toBe("count");
  expect(textsOf(session)).toEqual([]);
  expect(unsentMessages("chat-1").list()).toHaveLength(1);
  session.takeUnsent();
  expect(unsentMessages("chat-1").list()).toEqual([]);
});

test("a message that goes back to the composer keeps its id while its text is the same", async () => {
  const first = openPage();
  first.port.onSend = unreachable;
  first.session.start({ kind: "send", text: "count" });
  await first.idle();
  first.session.takeUnsent();
  const id = first.port.sent[0]?.message.id ?? "";

  // Also over a reload.
  const second = openPage();
  second.port.onSend = never;
  second.session.start({ kind: "send", text: "count" });
  expect(second.port.sent[0]?.message.id).toBe(id);

  const third = openPage();
  await third.session.findNotSent();
  third.session.editNotSent(id);
  expect(third.session.state).toMatchObject({ unsent: { text: "count" }, notSent: [] });
  third.session.takeUnsent();
  third.session.start({ kind: "send", text: "count to 3" });
  expect(third.port.sent[0]?.message.id).not.toBe(id);
  await third.idle();
  expect(third.session.chat.messages.map(messageText)).toEqual(["count to 3", "one"]);
});

test("what another version of the app has stored is ignored", async () => {
  for (const text of ["", "{", "[]", '{"id":1}', '{"id":"a","text":"b","sentAt":1,"files":[1]}']) {
    localStorage.setItem(`alleato:ada:unsent:chat-1:${text.length}`, text);
  }
  localStorage.setItem("alleato:ada:unsettled:chat-1", "{");
  const { session, port } = openPage();
  await session.findNotSent();
  expect(textsOf(session)).toEqual([]);
  session.start({ kind: "send", text: "count" });
  expect(port.sent).toHaveLength(1);
});
