import type { MessageListOutput, MessageOutput, MessageStatus } from "api-worker/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FilePart, messageStatus, messageText } from "../../messages/message.ts";
import { answerChunks, FakePort, play } from "../../messages/testing/fake-port.ts";
import { inFakeTime } from "../../messages/testing/fake-time.ts";
import { ChatSession } from "./chat-session.ts";
import type { ChatEvents } from "./chat-state.ts";

const words = ["one ", "two ", "three"];

function stored(id: string, role: "user" | "assistant", text: string, status: MessageStatus) {
  return {
    id,
    chatId: "chat-1",
    parentId: null,
    role,
    parts: text === "" ? [] : [{ type: "text", text }],
    status,
    modelId: null,
    streamId: role === "assistant" ? "turn-1" : null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    createdAt: 0,
    finishedAt: null,
    siblingIds: [],
  } satisfies MessageOutput;
}

const pageOf = (items: MessageOutput[], nextCursor: string | null = null): MessageListOutput => ({
  items,
  nextCursor,
});
const question = stored("question-1", "user", "count", "complete");
const liveAnswer = stored("answer-1", "assistant", "", "streaming");
const refused = (errorCode: string) => () => {
  throw Object.assign(new Error(`Refused: ${errorCode}`), {
    data: { errorCode, httpStatus: 400, requestId: "r" },
  });
};
const unreachable = () => {
  throw new TypeError("Failed to fetch");
};

/** @returns whether the session takes the message now */
function send(session: ChatSession, text: string, modelId?: string, files?: readonly FilePart[]) {
  return session.start({ kind: "send", text, modelId, files }) !== null;
}

/** @returns whether the session continues the answer now */
function continueAnswer(session: ChatSession) {
  return session.start({ kind: "continue" }) !== null;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(newestPage: MessageListOutput | null = null) {
  const port = new FakePort();
  port.onConnect = (connection) => play(connection, answerChunks(words));
  const events = {
    onTurnStarted: vi.fn(),
    onTurnEnded: vi.fn(),
    onTitle: vi.fn(),
    onLoggedOut: vi.fn(),
  } satisfies ChatEvents;
  const session = new ChatSession({ chatId: "chat-1", newestPage, port, events });
  const idle = async () => {
    while (session.isBusy) await vi.advanceTimersByTimeAsync(50);
  };
  const shown = () =>
    session.chat.messages.map((message) => [
      message.role,
      messageText(message),
      messageStatus(message),
    ]);
  return { port, events, session, idle, shown };
}

/** The address of an upload. */
const fileAddress = (number: number) => `/files/01700000-0000-7000-8000-00000000000${number}`;

describe("sending", () => {
  it("shows the question at once, and the answer to its end", async () => {
    const { session, events, idle, shown } = setUp();
    expect(send(session, "count")).toBe(true);
    expect(shown()).toEqual([["user", "count", "complete"]]);
    expect(send(session, "again")).toBe(false);
    await idle();
    expect(shown()).toEqual([
      ["user", "count", "complete"],
      ["assistant", "one two three", "complete"],
    ]);
    expect(session.state).toMatchObject({ isSaved: true, problem: null, unsent: null });
    expect(events.onTurnStarted).toHaveBeenCalledExactlyOnceWith("chat-1", "turn-1");
    const end = { streamId: "turn-1", isLost: false };
    expect(events.onTurnEnded).toHaveBeenCalledExactlyOnceWith("chat-1", end);
  });

  it("reports whether the worker accepted the message before the answer has ended", async () => {
    const { session, port, idle } = setUp();
    const hasBegun = session.start({ kind: "send", text: "count" });
    expect(await hasBegun).toBe(true);
    expect(session.isBusy).toBe(true);
    await idle();
    port.onSend = refused("INVALID");
    expect(await session.start({ kind: "send", text: "again" })).toBe(false);
  });

  it("passes the title on while the answer is still arriving", async () => {
    const { session, port, events, idle } = setUp();
    const [start, ...rest] = answerChunks(words);
    port.onConnect = (connection) => {
      if (!start) return;
      const title = { type: "data-title", data: { title: "Counting" }, transient: true } as const;
      play(connection, [start, title, ...rest]);
    };
    send(session, "count");
    await idle();
    expect(events.onTitle).toHaveBeenCalledExactlyOnceWith("chat-1", "Counting");
    expect(session.chat.messages.at(-1)?.parts.map(({ type }) => type)).toEqual(["text"]);
  });

  it("takes back a refused message, and keeps its text and the reason", async () => {
    const { session, port, idle, shown, events } = setUp();
    port.onSend = refused("RATE_LIMITED");
    send(session, "count");
    await idle();
    expect(shown()).toEqual([]);
    expect(session.state).toMatchObject({
      isSaved: false,
      unsent: { text: "count" },
      problem: expect.stringContaining("Refused"),
    });
    expect(session.chat.status).toBe("ready");
    expect(events.onTurnStarted).not.toHaveBeenCalled();
  });

  it("keeps the message's id when the same text is sent again after a network failure", async () => {
    const { session, port, idle } = setUp();
    const answer = port.onSend;
    port.onSend = unreachable;
    send(session, "count");
    await idle();
    port.onSend = answer;
    send(session, "count");
    await idle();
    expect(new Set(port.sent.map(({ message }) => message.id)).size).toBe(1);
    send(session, "count");
    await idle();
    expect(new Set(port.sent.map(({ message }) => message.id)).size).toBe(2);
  });

  it("sends files before the text, and hands them back when the message is refused", async () => {
    const { session, port, idle } = setUp();
    const files = [
      { type: "file" as const, url: fileAddress(1), mediaType: "image/png", filename: "a.png" },
    ];
    port.onSend = refused("INVALID");
    send(session, "", undefined, files);
    await idle();
    expect(port.sent[0]?.message.parts).toEqual(files);
    expect(session.state.unsent).toEqual({ text: "", files });
    send(session, "look", undefined, files);
    await idle();
    expect(port.sent[1]?.message.parts).toEqual([...files, { type: "text", text: "look" }]);
  });

  it("keeps the id of a message that may have arrived only if its files are the same", async () => {
    const { session, port, idle } = setUp();
    const file = (url: string) => ({ type: "file" as const, url, mediaType: "image/png" });
    port.onSend = () => Promise.reject(new TypeError("gone"));
    for (const url of [fileAddress(1), fileAddress(1), fileAddress(2)]) {
      send(session, "look", undefined, [file(url)]);
      await idle();
    }
    const ids = [...new Set(port.sent.map(({ message }) => message.id))];
    expect(ids).toHaveLength(2);
  });

  it("reports a logged-out session, and keeps the text", async () => {
    const { session, port, idle, events } = setUp();
    port.onSend = refused("UNAUTHENTICATED");
    send(session, "count");
    await idle();
    expect(events.onLoggedOut).toHaveBeenCalledExactlyOnceWith("user");
    expect(session.state.unsent).toEqual({ text: "count", files: [] });
  });

  it("joins the answer in progress when another device was faster", async () => {
    const { session, port, idle, shown } = setUp(pageOf([]));
    port.onSend = refused("CONFLICT");
    port.onList = () => pageOf([question, liveAnswer]);
    send(session, "mine");
    await idle();
    expect(shown()).toEqual([
      ["user", "count", "complete"],
      ["assistant", "one two three", "complete"],
    ]);
    expect(session.state).toMatchObject({ unsent: { text: "mine" } });
  });
});

describe("an answer in progress when the page opens", () => {
  it("is read from its first chunk and replaces the partial answer", async () => {
    const partial = stored("answer-1", "assistant", "one tw", "streaming");
    const { session, port, shown, events } = setUp(pageOf([question, partial]));
    await Promise.all([session.resume(), session.resume()]);
    expect(port.connections.map(({ position }) => position)).toEqual([
      { chatId: "chat-1", streamId: "turn-1" },
    ]);
    expect(shown().at(-1)).toEqual(["assistant", "one two three", "complete"]);
    expect(events.onTurnEnded).toHaveBeenCalledOnce();
  });

  it("is taken from the list when it has ended meanwhile", async () => {
    const { session, port, shown } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = ({ observer }) => observer.onEnd();
    port.onList = () => pageOf([question, stored("answer-1", "assistant", "whole", "complete")]);
    await session.resume();
    expect(shown().at(-1)).toEqual(["assistant", "whole", "complete"]);
    expect(session.state.isLost).toBe(false);
  });

  it("is lost after a long outage, and found again afterwards", async () => {
    const { session, port, shown, events } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = ({ observer }) => observer.onError(new TypeError("network error"));
    port.onList = unreachable;
    await inFakeTime(session.resume());
    expect(session.state).toMatchObject({ isLost: true, isReconnecting: false, problem: null });
    const end = { streamId: "turn-1", isLost: true };
    expect(events.onTurnEnded).toHaveBeenLastCalledWith("chat-1", end);
    await session.refresh();
    expect(session.state).toMatchObject({ isLost: true, problem: null });

    port.onList = () => pageOf([question, liveAnswer]);
    port.onConnect = (connection) => play(connection, answerChunks(words));
    await session.refresh();
    expect(session.state.isLost).toBe(false);
    expect(shown().at(-1)).toEqual(["assistant", "one two three", "complete"]);
  });

  it("is lost after some tries when the worker lists it as live but does not stream it", async () => {
    const { session, port } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = ({ observer }) => observer.onEnd();
    port.onList = () => pageOf([question, liveAnswer]);
    await inFakeTime(session.resume());
    expect(session.state.isLost).toBe(true);
    expect(port.connections.length).toBeLessThan(10);
  });

  it("shows that it is reconnecting while it waits for the answer's state", async () => {
    const { session, port, idle } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = ({ observer }) => observer.onEnd();
    port.list = () => new Promise((_, reject) => setTimeout(reject, 15_000));
    void session.resume();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(session.state).toMatchObject({ isReconnecting: true, isLost: false });
    await idle();
    expect(session.state).toMatchObject({ isReconnecting: false, isLost: true });
  });

  it("shows that it is reconnecting only while it is", async () => {
    const { session, port, idle } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = ({ observer }) => observer.onError(new TypeError("network error"));
    void session.resume();
    await vi.advanceTimersByTimeAsync(900);
    expect(session.state.isReconnecting).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(session.state.isReconnecting).toBe(true);
    port.onConnect = (connection) => play(connection, answerChunks(words));
    await idle();
    expect(session.state).toMatchObject({ isReconnecting: false, isLost: false, problem: null });
  });
});

describe("continuing", () => {
  const stopped = stored("answer-1", "assistant", "one ", "stopped");
  const whole = answerChunks(words, "complete", "turn-2");

  it("extends the answer in place, and ignores further clicks", async () => {
    const { session, port, idle, shown, events } = setUp(pageOf([question, stopped]));
    port.onConnect = (connection) => play(connection, whole, { streamId: "turn-2" });
    expect(continueAnswer(session)).toBe(true);
    expect(continueAnswer(session)).toBe(false);
    expect(send(session, "more")).toBe(false);
    expect(shown().at(-1)).toEqual(["assistant", "one ", "streaming"]);
    await idle();
    expect(port.continued).toEqual([{ chatId: "chat-1", messageId: "answer-1" }]);
    expect(port.connections.map(({ position }) => position)).toEqual([
      { chatId: "chat-1", streamId: "turn-2" },
    ]);
    expect(shown()).toEqual([
      ["user", "count", "complete"],
      ["assistant", "one two three", "complete"],
    ]);
    expect(events.onTurnStarted).toHaveBeenCalledExactlyOnceWith("chat-1", "turn-2");
    expect(events.onTurnEnded).toHaveBeenCalledOnce();
  });

  it("leaves the answer unchanged when the worker refuses, and gives the reason", async () => {
    const { session, port, idle, shown } = setUp(pageOf([question, stopped]));
    port.onContinue = refused("INVALID");
    port.onList = unreachable;
    continueAnswer(session);
    await idle();
    expect(shown().at(-1)).toEqual(["assistant", "one ", "stopped"]);
    expect(session.state.problem).toContain("Refused");
    expect(port.connections).toEqual([]);
  });

  it("joins a turn that another device has started meanwhile", async () => {
    const { session, port, idle, shown } = setUp(pageOf([question, stopped]));
    port.onContinue = refused("CONFLICT");
    port.onList = () =>
      pageOf([question, { ...stored("answer-1", "assistant", "one ", "streaming") }]);
    port.onConnect = (connection) => play(connection, answerChunks(words));
    continueAnswer(session);
    await idle();
    expect(shown().at(-1)).toEqual(["assistant", "one two three", "complete"]);
  });

  it("repeats a request that got no response", async () => {
    const { session, port, idle, shown } = setUp(pageOf([question, stopped]));
    const answer = port.onContinue;
    port.onContinue = () => {
      port.onContinue = answer;
      return unreachable();
    };
    port.onConnect = (connection) => play(connection, whole, { streamId: "turn-2" });
    continueAnswer(session);
    await idle();
    expect(port.continued).toHaveLength(2);
    expect(shown().at(-1)).toEqual(["assistant", "one two three", "complete"]);
    expect(session.state.problem).toBeNull();
  });

  it("can be stopped before the turn's id is known", async () => {
    const { session, port, idle } = setUp(pageOf([question, stopped]));
    const stoppedAgain = answerChunks(["one ", "two "], "stopped", "turn-2");
    port.onConnect = (connection) => play(connection, stoppedAgain, { streamId: "turn-2" });
    continueAnswer(session);
    await session.stop();
    await idle();
    expect(port.stopped).toEqual([{ chatId: "chat-1", streamId: "turn-2" }]);
  });

  it("is refused for answers that are complete or would fail again", () => {
    const blocked = { ...stored("answer-1", "assistant", "", "failed"), errorCode: "blocked" };
    for (const last of [question, stored("answer-1", "assistant", "done", "complete"), blocked]) {
      expect(continueAnswer(setUp(pageOf([last])).session)).toBe(false);
    }
  });
});

describe("stopping", () => {
  it("waits for the turn's id when requested right after sending", async () => {
    const { session, port, idle, shown } = setUp();
    const answer = port.onSend;
    let release = () => {};
    port.onSend = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer(request);
    };
    // Like the worker, tells a late reader that the turn was stopped.
    port.onConnect = (connection) => play(connection, answerChunks(["one"], "stopped"));
    send(session, "count");
    await session.stop();
    expect(port.stopped).toEqual([]);
    expect(session.state.isStopping).toBe(true);
    await vi.waitUntil(() => port.sent.length === 1);
    release();
    await idle();
    expect(port.stopped).toEqual([{ chatId: "chat-1", streamId: "turn-1" }]);
    expect(shown().at(-1)).toEqual(["assistant", "one", "stopped"]);
    expect(session.state.isStopping).toBe(false);
  });

  it("can be tried again after a failed request", async () => {
    const { session, port, idle, shown } = setUp();
    port.onConnect = (connection) => play(connection, answerChunks(words), { to: 3 });
    port.onStop = unreachable;
    send(session, "count");
    await vi.waitUntil(() => session.chat.messages.length === 2);
    await session.stop();
    expect(session.state).toMatchObject({ isStopping: false, problem: expect.any(String) });
    port.onStop = () => {
      const [connection] = port.connections;
      if (connection) play(connection, answerChunks(words, "stopped"), { from: 3 });
    };
    await session.stop();
    await idle();
    expect(shown().at(-1)?.[2]).toBe("stopped");
    expect(session.state).toMatchObject({ isStopping: false, problem: null });
  });
});

describe("news from elsewhere", () => {
  it("adds new messages, and joins a live answer", async () => {
    const { session, port, shown } = setUp(pageOf([]));
    port.onList = () => pageOf([question, liveAnswer]);
    await session.refresh();
    expect(shown()).toEqual([
      ["user", "count", "complete"],
      ["assistant", "one two three", "complete"],
    ]);
  });

  it("of a turn loads its message, and follows its answer", async () => {
    const { session, port, shown } = setUp(pageOf([]));
    port.onList = () => pageOf([question, liveAnswer]);
    session.noteTurn("turn-1");
    await vi.waitUntil(() => shown().at(-1)?.[2] === "complete");
    expect(shown()).toEqual([
      ["user", "count", "complete"],
      ["assistant", "one two three", "complete"],
    ]);
    const connections = port.connections.length;
    session.noteTurn("turn-1");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(port.connections).toHaveLength(connections);
  });

  it("of a turn that ended elsewhere loads its end", async () => {
    const { session, port, shown } = setUp(pageOf([question, liveAnswer]));
    port.onList = () => pageOf([question, stored("answer-1", "assistant", "whole", "complete")]);
    session.noteTurn("turn-1");
    await vi.waitUntil(() => shown().at(-1)?.[2] === "complete");
    expect(port.connections).toEqual([]);
  });

  it("of the page's own turn changes nothing", async () => {
    const { session, port, idle } = setUp();
    const lists = vi.spyOn(port, "list");
    send(session, "count");
    await vi.waitUntil(() => port.connections.length === 1);
    session.noteTurn("turn-1");
    await idle();
    expect(lists).not.toHaveBeenCalled();
  });

  it("that arrives while the session is busy is handled afterwards", async () => {
    const { session, port, idle, shown } = setUp();
    const next = [
      stored("question-2", "user", "again", "complete"),
      { ...stored("answer-2", "assistant", "four", "complete"), streamId: "turn-2" },
    ];
    const before = [question, stored("answer-1", "assistant", "one two three", "complete")];
    port.onList = () => pageOf([...before, ...next]);
    send(session, "count");
    session.noteTurn("turn-2");
    await idle();
    await vi.waitUntil(() => shown().length === 4);
    expect(shown().at(-1)).toEqual(["assistant", "four", "complete"]);
  });

  it("is not undone by an earlier response that arrives late", async () => {
    const { session, port, shown } = setUp(pageOf([]));
    let answerFirst = (_page: MessageListOutput) => {};
    port.list = vi
      .fn<typeof port.list>()
      .mockImplementationOnce(
        () =>
          new Promise((resolve) => {
            answerFirst = resolve;
          }),
      )
      .mockImplementation(async () =>
        pageOf([question, stored("answer-1", "assistant", "whole", "complete")]),
      );
    const first = session.refresh();
    await session.refresh();
    answerFirst(pageOf([]));
    await first;
    expect(shown()).toHaveLength(2);
  });

  it("of the chat's deletion stops reading for good", async () => {
    const { session, port, idle, events } = setUp(pageOf([question, liveAnswer]));
    port.onConnect = () => {};
    port.onList = refused("NOT_FOUND");
    void session.resume();
    await vi.waitUntil(() => port.connections.length === 1);
    session.noteDeleted();
    await idle();
    expect(session.state).toMatchObject({ isDeleted: true, isLost: false, problem: null });
    expect(port.connections[0]?.isOpen).toBe(false);
    expect(events.onTurnEnded).toHaveBeenCalled();
  });

  it("is not needed to notice a deletion: a refresh finds it", async () => {
    const { session, port } = setUp(pageOf([question]));
    port.onList = refused("NOT_FOUND");
    await session.refresh();
    expect(session.state).toMatchObject({ isDeleted: true, problem: null });
  });

  it("neither delays nor undoes a message sent meanwhile", async () => {
    const { session, idle, shown } = setUp(pageOf([]));
    const refreshed = session.refresh();
    expect(send(session, "count")).toBe(true);
    await refreshed;
    await idle();
    expect(shown().map(([role]) => role)).toEqual(["user", "assistant"]);
  });
});

describe("older messages", () => {
  const older = [stored("question-0", "user", "before", "complete")];

  it("are put before the shown ones, once, until there are no more", async () => {
    const { session, port } = setUp(pageOf([question], "cursor-1"));
    const cursors: (string | undefined)[] = [];
    port.onList = (cursor) => {
      cursors.push(cursor);
      return pageOf(older);
    };
    await Promise.all([session.history.loadOlder(), session.history.loadOlder()]);
    await session.history.loadOlder();
    expect(session.chat.messages.map(({ id }) => id)).toEqual(["question-0", "question-1"]);
    expect(cursors).toEqual(["cursor-1"]);
    expect(session.state).toMatchObject({ hasOlder: false, isLoadingOlder: false });
  });

  it("stay when the newest page is loaded again", async () => {
    const { session, port } = setUp(pageOf([question], "cursor-1"));
    port.onList = (cursor) => (cursor ? pageOf(older) : pageOf([question], "cursor-1"));
    await session.history.loadOlder();
    await session.refresh();
    expect(session.chat.messages.map(({ id }) => id)).toEqual(["question-0", "question-1"]);
    expect(session.state.hasOlder).toBe(false);
  });
});
