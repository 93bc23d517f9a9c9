import type { UIMessageChunk } from "ai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { userMessage } from "../message.ts";
import { answerChunks, FakePort, nextSeq, play } from "../testing/fake-port.ts";
import { inFakeTime, timeline } from "../testing/fake-time.ts";
import { SendError, TrpcChatTransport } from "./chat-transport.ts";
import { TurnLostError } from "./turn-reader.ts";

const words = ["one ", "two ", "three ", "four"];
const chunks = answerChunks(words);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const port = new FakePort();
  const gone = timeline<boolean>();
  const transport = new TrpcChatTransport({ port, onConnectionGone: gone.tell });
  const send = (signal?: AbortSignal) =>
    transport.sendMessages({
      trigger: "submit-message",
      chatId: "chat-1",
      messageId: undefined,
      messages: [
        userMessage("question-0", "before", undefined),
        userMessage("question-1", "count", "question-0"),
      ],
      abortSignal: signal,
    });
  const resume = () =>
    transport.reconnectToStream({ chatId: "chat-1", metadata: { streamId: "turn-1" } });
  return { port, gone, send, resume, transport };
}

/** Reads all chunks of a stream, advancing fake time as needed. */
function collect(stream: Promise<ReadableStream<UIMessageChunk> | null>) {
  const readAll = async () => {
    const all: UIMessageChunk[] = [];
    for await (const chunk of (await stream) ?? []) all.push(chunk);
    return all;
  };
  return inFakeTime(readAll());
}

const unanswered = () => {
  throw new TypeError("Failed to fetch");
};

describe("sending", () => {
  it("sends the last message with its parent, and reads the whole answer", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(send())).toEqual(chunks);
    expect(port.sent).toEqual([
      {
        chatId: "chat-1",
        message: { id: "question-1", parts: [{ type: "text", text: "count" }] },
        parentId: "question-0",
      },
    ]);
    expect(port.connections).toHaveLength(1);
    expect(port.connections[0]).toMatchObject({
      position: { chatId: "chat-1", streamId: "turn-1" },
      isOpen: false,
    });
  });

  it("sends again with the same message id when no response came", async () => {
    const { port, send } = setUp();
    let lost = 2;
    const answer = port.onSend;
    port.onSend = (request) => {
      if (lost-- > 0) unanswered();
      return answer(request);
    };
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(send())).toEqual(chunks);
    expect(port.sent.map((request) => request.message.id)).toEqual(Array(3).fill("question-1"));
  });

  it("sends again with the same message id when the server failed", async () => {
    const { port, send } = setUp();
    const answer = port.onSend;
    port.onSend = (request) => {
      port.onSend = answer;
      throw Object.assign(new Error("Oops."), { data: { errorCode: "INTERNAL" }, request });
    };
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(send())).toEqual(chunks);
    expect(port.sent.map((request) => request.message.id)).toEqual(Array(2).fill("question-1"));
  });

  it("gives up on a dead network, and keeps the text and the cause", async () => {
    const { port, send } = setUp();
    port.onSend = unanswered;
    const error = await inFakeTime(send()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SendError);
    expect(error).toMatchObject({
      messageId: "question-1",
      text: "count",
      cause: expect.any(TypeError),
    });
    expect(port.sent.length).toBeGreaterThan(1);
  });

  it("does not repeat a message that the worker refused", async () => {
    const { port, send } = setUp();
    port.onSend = () => {
      throw Object.assign(new Error("Too many."), { data: { errorCode: "RATE_LIMITED" } });
    };
    await expect(send()).rejects.toBeInstanceOf(SendError);
    expect(port.sent).toHaveLength(1);
  });
});

describe("an interrupted connection", () => {
  it("continues after the last event when it ends cleanly without a finish chunk", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      const from = nextSeq(connection);
      play(connection, chunks, { from, to: from + 3 });
      connection.observer.onEnd();
    };
    expect(await collect(send())).toEqual(chunks);
    expect(port.connections.map(({ position }) => position.lastEventId)).toEqual([
      undefined,
      "turn-1:2",
      "turn-1:5",
    ]);
  });

  it("joins the pieces of a data part across two connections", async () => {
    const { port, send } = setUp();
    const piece = (delta: string): UIMessageChunk => ({
      type: "data-draft",
      id: "d",
      data: { delta },
    });
    const log = [...chunks.slice(0, 2), piece("one "), piece("two "), piece("three"), ...chunks];
    port.onConnect = (connection) => {
      const from = nextSeq(connection);
      play(connection, log, { from, to: from + 4 });
      connection.observer.onEnd();
    };
    const pieces = (await collect(send())).filter(({ type }) => type === "data-draft");
    expect(pieces).toEqual([piece("one "), piece("one two "), piece("one two three")]);
  });

  it("continues after failures, and reports none that is over within a second", async () => {
    const { port, send, gone } = setUp();
    port.onConnect = (connection) => {
      if (port.connections.length < 3) connection.observer.onError(new TypeError("network error"));
      else play(connection, chunks);
    };
    expect(await collect(send())).toEqual(chunks);
    expect(port.connections).toHaveLength(3);
    expect(gone.told).toEqual([]);
  });

  it("is reported as gone after a second, and as back when the worker responds", async () => {
    const { port, send, gone } = setUp();
    const startMs = Date.now();
    port.onConnect = (connection) => {
      if (Date.now() - startMs < 20_000) {
        if (port.connections.length === 1) play(connection, chunks, { to: 3 });
        connection.observer.onError(new TypeError("network error"));
        return;
      }
      connection.observer.onOpen();
      setTimeout(() => play(connection, chunks, { from: nextSeq(connection) }), 5_000);
    };
    expect(await collect(send())).toEqual(chunks);
    expect(gone.told.map(({ value }) => value)).toEqual([true, false]);
    expect(gone.told[0]?.afterMs).toBe(1_000);
    // The next try starts within 3 seconds.
    expect(gone.told[1]?.afterMs).toBeLessThanOrEqual(23_000);
  });

  it("is replaced when the server does not respond at all", async () => {
    const { port, send } = setUp();
    const startMs = Date.now();
    port.onConnect = (connection) => {
      if (port.connections.length > 1) play(connection, chunks);
    };
    expect(await collect(send())).toEqual(chunks);
    expect(Date.now() - startMs).toBeLessThan(15_000);
    expect(port.connections.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it("fails at once when the worker does not know the turn", async () => {
    const { port, send } = setUp();
    port.onConnect = ({ observer }) => observer.onEnd();
    await expect(collect(send())).rejects.toBeInstanceOf(TurnLostError);
    expect(port.connections).toHaveLength(1);
  });

  it("fails at once when the worker refuses", async () => {
    const { port, send } = setUp();
    port.onConnect = ({ observer }) => {
      observer.onError(Object.assign(new Error("No."), { data: { errorCode: "NOT_FOUND" } }));
    };
    await expect(collect(send())).rejects.toBeInstanceOf(TurnLostError);
    expect(port.connections).toHaveLength(1);
  });

  it("applies each event once, also when a connection repeats it", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      if (port.connections.length === 1) {
        play(connection, chunks, { to: 4 });
        play(connection, chunks, { from: 1, to: 3 });
        connection.observer.onEnd();
        return;
      }
      play(connection, chunks, { from: 2 });
    };
    expect(await collect(send())).toEqual(chunks);
  });

  it("ignores events of another turn and malformed ids", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      play(connection, answerChunks(["wrong"]), { streamId: "turn-0" });
      connection.observer.onEvent("turn-1:", [{ type: "abort" }]);
      connection.observer.onEvent("17", [{ type: "abort" }]);
      play(connection, chunks);
    };
    expect(await collect(send())).toEqual(chunks);
  });

  it("ignores events of a connection that it has left", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      if (port.connections.length === 1) {
        play(connection, chunks, { to: 3 });
        connection.observer.onEnd();
        play(connection, chunks, { from: 3 });
        return;
      }
      play(connection, chunks, { from: nextSeq(connection) });
    };
    expect(await collect(send())).toEqual(chunks);
    expect(port.connections).toHaveLength(2);
  });

  it("fails after a minute without success", async () => {
    const { port, send } = setUp();
    const startMs = Date.now();
    port.onConnect = (connection) => {
      if (nextSeq(connection) === 0) play(connection, chunks, { to: 3 });
      connection.observer.onError(new TypeError("network error"));
    };
    const read: UIMessageChunk[] = [];
    const readAll = async () => {
      for await (const chunk of await send()) read.push(chunk);
    };
    await expect(inFakeTime(readAll())).rejects.toBeInstanceOf(TurnLostError);
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(60_000);
    expect(Date.now() - startMs).toBeLessThan(70_000);
    expect(port.connections.length).toBeLessThan(40);
  });
});

describe("a page that wakes up", () => {
  let wake: () => void;
  beforeEach(() => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", () => {});
    vi.stubGlobal("removeEventListener", () => {});
    wake = () => page.dispatchEvent(new Event("visibilitychange"));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("replaces a silent connection, and continues after the last event", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      const from = nextSeq(connection);
      play(connection, chunks, { from, to: from === 0 ? 3 : chunks.length });
    };
    const all = collect(send());
    await vi.advanceTimersByTimeAsync(30_000);
    expect(port.connections).toHaveLength(1);
    wake();
    expect(await all).toEqual(chunks);
    expect(port.connections.map(({ position }) => position.lastEventId)).toEqual([
      undefined,
      "turn-1:2",
    ]);
    expect(port.connections[0]?.isOpen).toBe(false);
  });

  it("retries at once, and does not count the time asleep", async () => {
    const { port, send } = setUp();
    port.onConnect = ({ observer }) => observer.onError(new TypeError("network error"));
    const all = collect(send());
    await vi.advanceTimersByTimeAsync(59_000);
    const tries = port.connections.length;
    port.onConnect = (connection) => {
      if (port.connections.length < tries + 4) {
        connection.observer.onError(new TypeError("network error"));
      } else play(connection, chunks);
    };
    wake();
    expect(port.connections).toHaveLength(tries + 1);
    expect(await all).toEqual(chunks);
  });

  it("keeps a connection that has just delivered an event", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      play(connection, chunks, { to: 3 });
      setTimeout(() => play(connection, chunks, { from: 3 }), 900);
    };
    const all = collect(send());
    await vi.advanceTimersByTimeAsync(500);
    wake();
    expect(await all).toEqual(chunks);
    expect(port.connections).toHaveLength(1);
  });
});

describe("an aborted reader", () => {
  it("closes its connection, and does not stop the turn", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => play(connection, chunks, { to: 3 });
    const abort = new AbortController();
    const stream = await send(abort.signal);
    const reader = stream.getReader();
    await reader.read();
    abort.abort();
    const rest: (UIMessageChunk | undefined)[] = [];
    for (let item = await reader.read(); !item.done; item = await reader.read()) {
      rest.push(item.value);
    }
    expect(rest.length).toBeLessThanOrEqual(2);
    expect(port.connections).toHaveLength(1);
    expect(port.connections[0]?.isOpen).toBe(false);
    expect(port.stopped).toEqual([]);
  });
});

describe("resuming", () => {
  it("reads the given turn from its first chunk", async () => {
    const { port, resume } = setUp();
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(resume())).toEqual(chunks);
    expect(port.connections[0]?.position).toEqual({ chatId: "chat-1", streamId: "turn-1" });
  });

  it("is null when there is no such turn", async () => {
    const { port, resume } = setUp();
    port.onConnect = ({ observer }) => observer.onEnd();
    expect(await resume()).toBeNull();
    expect(port.connections).toHaveLength(1);
  });

  it("reads the live turn when none is given", async () => {
    const { port, transport } = setUp();
    port.onConnect = (connection) => play(connection, chunks, { streamId: "turn-9" });
    expect(await collect(transport.reconnectToStream({ chatId: "chat-1" }))).toEqual(chunks);
    expect(port.connections[0]?.position).toEqual({ chatId: "chat-1" });
  });

  it("fails when the worker cannot be reached", async () => {
    const { port, resume } = setUp();
    port.onConnect = ({ observer }) => observer.onError(new TypeError("network error"));
    await expect(inFakeTime(resume())).rejects.toBeInstanceOf(TurnLostError);
  });
});
