import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answerChunks, FakePort, play } from "../../messages/testing/fake-port.ts";
import { ChatSession } from "./chat-session.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session of a new chat, which has sent its first question. */
async function begun(port: FakePort) {
  const events = {
    onTurnStarted: vi.fn(),
    onTurnEnded: vi.fn(),
    onTitle: vi.fn(),
    onLoggedOut: vi.fn(),
  };
  const session = new ChatSession({ chatId: "chat-1", newestPage: null, port, events });
  await session.start({ kind: "send", text: "A question", files: [] });
  return session;
}

it("shows a new chat as saved a moment after its turn has begun", async () => {
  const session = await begun(new FakePort());
  expect(session.isSaved).toBe(true);
  expect(session.state.isSaved).toBe(false);
  await vi.advanceTimersByTimeAsync(250);
  expect(session.state.isSaved).toBe(true);
});

it("shows a new chat as saved when its first turn has ended", async () => {
  const port = new FakePort();
  port.onConnect = (connection) => play(connection, answerChunks(["one"]));
  const session = await begun(port);
  while (session.isBusy) await vi.advanceTimersByTimeAsync(1);
  expect(session.state.isSaved).toBe(true);
});

it("tells its view of changes alone", async () => {
  const session = await begun(new FakePort());
  await vi.advanceTimersByTimeAsync(250);
  const listener = vi.fn();
  session.store.subscribe(listener);
  session.takeUnsent();
  expect(listener).not.toHaveBeenCalled();
  session.noteDeleted();
  expect(listener).toHaveBeenCalledTimes(1);
});
