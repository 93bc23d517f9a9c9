import type { MessageListOutput } from "api-worker/contracts";
import { expect, it, vi } from "vitest";
import { FakePort } from "../../messages/testing/fake-port.ts";
import { ChatSession } from "./chat-session.ts";

const emptyPage: MessageListOutput = { items: [], nextCursor: null };

function setUp(newestPage: MessageListOutput | null) {
  const port = new FakePort();
  const events = {
    onTurnStarted: vi.fn(),
    onTurnEnded: vi.fn(),
    onTitle: vi.fn(),
    onLoggedOut: vi.fn(),
  };
  return { port, session: new ChatSession({ chatId: "chat-1", newestPage, port, events }) };
}

it("asks a saved chat for a live answer, and closes the connection with the response", () => {
  for (const respond of ["onEvent", "onEnd", "onError"] as const) {
    const { port, session } = setUp(emptyPage);
    session.wake();
    const [connection] = port.connections;
    expect(connection).toMatchObject({ position: { chatId: "chat-1" }, isOpen: true });
    connection?.observer[respond]("turn-1:0", []);
    expect(connection?.isOpen).toBe(false);
    expect(session.state.problem).toBeNull();
  }
});

it("asks nothing of a chat that does not exist yet", () => {
  const { port, session } = setUp(null);
  session.wake();
  expect(port.connections).toEqual([]);
});

it("asks nothing while an answer is on its way", () => {
  const { port, session } = setUp(emptyPage);
  port.onSend = () => new Promise(() => undefined);
  void session.start({ kind: "send", text: "A question", files: [] });
  session.wake();
  expect(port.connections).toEqual([]);
});
