import type { UIMessageChunk } from "ai";
import { describe, expect, it } from "vitest";
import { SendError, TrpcChatTransport } from "./chat-transport.ts";
import { userMessage } from "./message.ts";
import { answerChunks, FakePort, nextSeq, play } from "./testing/fake-port.ts";
import { TurnLostError } from "./turn-reader.ts";

const words = ["one ", "two ", "three ", "four"];
const chunks = answerChunks(words);

function setUp() {
  const port = new FakePort();
  const waits: number[] = [];
  const transport = new TrpcChatTransport({
    port,
    wait: async (ms) => {
      waits.push(ms);
    },
  });
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
  return { port, waits, send, resume, transport };
}

async function collect(stream: ReadableStream<UIMessageChunk>): Promise<UIMessageChunk[]> {
  const all: UIMessageChunk[] = [];
  const reader = stream.getReader();
  for (let item = await reader.read(); !item.done; item = await reader.read()) all.push(item.value);
  return all;
}

const unanswered = () => {
  throw new TypeError("Failed to fetch");
};

describe("sending", () => {
  it("sends the last message behind the one before it, and reads the whole answer", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(await send())).toEqual(chunks);
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

  it("sends again with the same message id when no answer came", async () => {
    const { port, send } = setUp();
    let lost = 2;
    const answer = port.onSend;
    port.onSend = (request) => {
      if (lost-- > 0) unanswered();
      return answer(request);
    };
    port.onConnect = (connection) => play(connection, chunks);
    expect(await collect(await send())).toEqual(chunks);
    expect(port.sent.map((request) => request.message.id)).toEqual(Array(3).fill("question-1"));
  });

  it("gives up on a dead network with the text in hand, and names the cause", async () => {
    const { port, send } = setUp();
    port.onSend = unanswered;
    const error = await send().catch((caught: unknown) => caught);
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

describe("a connection that does not last", () => {
  it("goes on behind the last event when it ends in order without a finish chunk", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      const from = nextSeq(connection);
      play(connection, chunks, { from, to: from + 3 });
      connection.observer.onEnd();
    };
    expect(await collect(await send())).toEqual(chunks);
    expect(port.connections.map(({ position }) => position.lastEventId)).toEqual([
      undefined,
      "turn-1:2",
      "turn-1:5",
    ]);
  });

  it("goes on when it fails, and when it brings nothing", async () => {
    const { port, send, waits } = setUp();
    let tries = 0;
    port.onConnect = (connection) => {
      tries += 1;
      if (tries === 1) connection.observer.onError(new TypeError("network error"));
      else if (tries === 2) connection.observer.onEnd();
      else play(connection, chunks);
    };
    expect(await collect(await send())).toEqual(chunks);
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  });

  it("applies no event twice, also when its connection brings it again", async () => {
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
    expect(await collect(await send())).toEqual(chunks);
  });

  it("ignores events of another turn and ids that it cannot read", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      play(connection, answerChunks(["wrong"]), { streamId: "turn-0" });
      connection.observer.onEvent("turn-1:", [{ type: "abort" }]);
      connection.observer.onEvent("17", [{ type: "abort" }]);
      play(connection, chunks);
    };
    expect(await collect(await send())).toEqual(chunks);
  });

  it("hears nothing more from a connection that it has left", async () => {
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
    expect(await collect(await send())).toEqual(chunks);
    expect(port.connections).toHaveLength(2);
  });

  it("says so when the rest cannot be had, after a bounded number of tries", async () => {
    const { port, send } = setUp();
    port.onConnect = (connection) => {
      if (nextSeq(connection) === 0) play(connection, chunks, { to: 3 });
      connection.observer.onEnd();
    };
    const reader = (await send()).getReader();
    const read: (UIMessageChunk | undefined)[] = [];
    const readAll = async () => {
      for (;;) read.push((await reader.read()).value);
    };
    await expect(readAll()).rejects.toBeInstanceOf(TurnLostError);
    expect(port.connections.length).toBeLessThan(20);
  });
});

describe("an aborted reader", () => {
  it("closes its connection, and asks the worker for nothing", async () => {
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
  it("reads the named turn from its first chunk", async () => {
    const { port, resume } = setUp();
    port.onConnect = (connection) => play(connection, chunks);
    const stream = await resume();
    expect(stream && (await collect(stream))).toEqual(chunks);
    expect(port.connections[0]?.position).toEqual({ chatId: "chat-1", streamId: "turn-1" });
  });

  it("is null when there is no such turn", async () => {
    const { port, resume } = setUp();
    port.onConnect = ({ observer }) => observer.onEnd();
    expect(await resume()).toBeNull();
    expect(port.connections).toHaveLength(1);
  });

  it("takes the live turn when none is named", async () => {
    const { port, transport } = setUp();
    port.onConnect = (connection) => play(connection, chunks, { streamId: "turn-9" });
    const stream = await transport.reconnectToStream({ chatId: "chat-1" });
    expect(stream && (await collect(stream))).toEqual(chunks);
    expect(port.connections[0]?.position).toEqual({ chatId: "chat-1" });
  });

  it("fails when the worker cannot be reached", async () => {
    const { port, resume } = setUp();
    port.onConnect = ({ observer }) => observer.onError(new TypeError("network error"));
    await expect(resume()).rejects.toBeInstanceOf(TurnLostError);
  });
});
