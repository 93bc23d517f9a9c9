import type { MessageListOutput } from "api-worker/contracts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answerChunks, FakePort, play } from "../../messages/testing/fake-port.ts";
import { ChatSession } from "./chat-session.ts";
import type { ChatEvents } from "./chat-state.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** @param newestPage null for a new chat */
function setUp(newestPage: MessageListOutput | null) {
  const port = new FakePort();
  const events = {
    onTurnStarted: vi.fn(),
    onTurnEnded: vi.fn(),
    onTitle: vi.fn(),
    onLoggedOut: vi.fn(),
  } satisfies ChatEvents;
  const session = new ChatSession({ chatId: "chat-1", newestPage, port, events });
  const send = () => session.start({ kind: "send", text: "A question", files: [] });
  return { port, session, send };
}

const emptyPage: MessageListOutput = { items: [], nextCursor: null };

it("shows a new chat as saved a moment after its turn has begun", async () => {
  const { session, send } = setUp(null);
  await send();
  expect(session.isSaved).toBe(true);
  expect(session.state.isSaved).toBe(false);
  await vi.advanceTimersByTimeAsync(250);
  expect(session.state.isSaved).toBe(true);
});

it("shows a new chat as saved when its first turn has ended", async () => {
  const { port, session, send } = setUp(null);
  port.onConnect = (connection) => play(connection, answerChunks(["one"]));
  await send();
  while (session.isBusy) await vi.advanceTimersByTimeAsync(1);
  expect(session.state.isSaved).toBe(true);
});

it("tells its view of changes alone", async () => {
  const { session, send } = setUp(null);
  await send();
  await vi.advanceTimersByTimeAsync(250);
  const listener = vi.fn();
  session.store.subscribe(listener);
  session.takeUnsent();
  expect(listener).not.toHaveBeenCalled();
  session.noteDeleted();
  expect(listener).toHaveBeenCalledTimes(1);
});

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
  const { port, session, send } = setUp(emptyPage);
  port.onSend = () => new Promise(() => undefined);
  void send();
  session.wake();
  expect(port.connections).toEqual([]);
});
