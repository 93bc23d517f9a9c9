import type { ChatNews } from "api-worker/contracts/news";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GeneratingChats } from "../chats/news/generating-chats.ts";
import type { NewsObserver } from "../chats/news/watch-news.ts";
import { type EndedAnswer, HiddenWatch } from "./watch-hidden.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tabs of one browser take turns, like with a Web Lock. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  readonly inTurn = (signal: AbortSignal, watch: () => Promise<void>): Promise<void> => {
    const turn = this.#last.then(() => (signal.aborted ? undefined : watch()));
    this.#last = turn;
    return turn;
  };
}

/** Lets promises settle. */
const settle = () => vi.advanceTimersByTimeAsync(0);

function openTab(
  turns: Pick<Turns, "inTurn">,
  chatIds: readonly string[] = [],
  chats = new GeneratingChats(),
) {
  const connections: { observer: NewsObserver; isOpen: boolean }[] = [];
  const ended: EndedAnswer[] = [];
  const watch = new HiddenWatch(
    {
      open: (observer) => {
        const connection = { observer, isOpen: true };
        connections.push(connection);
        return () => {
          connection.isOpen = false;
        };
      },
      onNews: (news) => {
        if (news.type === "turn-ended") chats.end(news.chatId, news.streamId);
      },
      onEnded: (answer) => ended.push(answer),
      generating: chats.store,
      inTurn: turns.inTurn,
    },
    chatIds,
  );
  const isOpen = () => connections.some((connection) => connection.isOpen);
  const tell = (news: ChatNews) => connections.at(-1)?.observer.onNews(news);
  return { watch, chats, ended, connections, isOpen, tell };
}

const snapshot = (...generatingChatIds: string[]): ChatNews => ({
  type: "snapshot",
  generatingChatIds,
});
const end = (chatId: string, status: "complete" | "stopped" = "complete"): ChatNews => ({
  type: "turn-ended",
  chatId,
  streamId: "turn",
  status,
});

it("holds a connection only while an answer is being written", async () => {
  const tab = openTab(new Turns());
  await settle();
  expect(tab.connections).toHaveLength(0);
  tab.chats.start("a", "turn");
  await settle();
  expect(tab.isOpen()).toBe(true);
  tab.tell(snapshot("a"));
  tab.tell({ type: "turn-started", chatId: "b", streamId: "turn" });
  tab.tell(end("a"));
  await settle();
  expect(tab.isOpen()).toBe(true);
  tab.tell(end("b", "stopped"));
  await settle();
  expect(tab.isOpen()).toBe(false);
  expect(tab.ended).toEqual([
    { chatId: "a", status: "complete" },
    { chatId: "b", status: "stopped" },
  ]);
});

it("waits for the news of an answer whose stream this page has read to its end", async () => {
  const tab = openTab(new Turns(), ["a"]);
  tab.chats.start("a", "turn");
  await settle();
  tab.chats.end("a", "turn");
  tab.tell(snapshot("a"));
  await settle();
  expect(tab.isOpen()).toBe(true);
  tab.tell(end("a"));
  await settle();
  expect(tab.ended).toEqual([{ chatId: "a", status: "complete" }]);
});

it("notices answers that ended before the connection was open", async () => {
  const tab = openTab(new Turns(), ["a", "b"]);
  await settle();
  tab.tell(snapshot("b"));
  expect(tab.ended).toEqual([{ chatId: "a", status: null }]);
  // The connection was lost, and the answer ended meanwhile.
  tab.connections.at(-1)?.observer.onError();
  await vi.advanceTimersByTimeAsync(1_000);
  tab.tell(snapshot());
  await settle();
  expect(tab.ended.at(-1)).toEqual({ chatId: "b", status: null });
  expect(tab.isOpen()).toBe(false);
});

it("connects in one tab at a time, and the next one goes on with the answers that are left", async () => {
  const turns = new Turns();
  const [first, second] = [openTab(turns, ["a", "b"]), openTab(turns, ["a", "b"])];
  await settle();
  expect([first.isOpen(), second.isOpen()]).toEqual([true, false]);
  first.tell(snapshot("a", "b"));
  first.tell(end("a"));
  second.watch.forget("a");
  first.watch.stop();
  await settle();
  expect([first.isOpen(), second.isOpen()]).toEqual([false, true]);
  second.tell(snapshot("b"));
  second.tell(end("b"));
  await settle();
  expect(first.ended).toEqual([{ chatId: "a", status: "complete" }]);
  expect(second.ended).toEqual([{ chatId: "b", status: "complete" }]);
});

it("never connects in a tab that has no answer left, or is visible again", async () => {
  const turns = new Turns();
  const [first, second, third] = [
    openTab(turns, ["a"]),
    openTab(turns, ["a"]),
    openTab(turns, ["a"]),
  ];
  await settle();
  first.tell(snapshot("a"));
  first.tell(end("a"));
  second.watch.forget("a");
  third.watch.stop();
  await settle();
  expect(second.connections).toHaveLength(0);
  expect(third.connections).toHaveLength(0);
});

it("notices an answer once", async () => {
  const tab = openTab(new Turns(), ["a", "b"]);
  await settle();
  tab.tell(snapshot("b"));
  tab.tell(end("a"));
  tab.tell(end("b"));
  tab.tell(end("b"));
  expect(tab.ended).toEqual([
    { chatId: "a", status: null },
    { chatId: "b", status: "complete" },
  ]);
});

it("tries again with the next change when the browser refuses the place", async () => {
  const turns = new Turns();
  let refusals = 0;
  const refuse = async () => {
    refusals += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    throw new Error("InvalidStateError");
  };
  const inTurn = vi.fn(turns.inTurn).mockImplementation(refuse);
  const tab = openTab({ inTurn }, ["a"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(refusals).toBe(1);
  inTurn.mockImplementation(turns.inTurn);
  tab.chats.start("b", "turn");
  await settle();
  expect(tab.isOpen()).toBe(true);
});

it("forgets answers of deleted chats", async () => {
  const tab = openTab(new Turns(), ["a", "b"]);
  await settle();
  tab.tell(snapshot("a", "b"));
  tab.tell({ type: "deleted", chatId: "a" });
  tab.tell({ type: "all-deleted" });
  await settle();
  expect(tab.ended).toEqual([]);
  expect(tab.isOpen()).toBe(false);
});
