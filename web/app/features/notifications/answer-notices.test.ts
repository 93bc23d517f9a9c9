import type { ChatNews } from "api-worker/contracts/news";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { generatingChats } from "../chats/news/generating-chats.ts";
import type { NewsObserver } from "../chats/news/watch-news.ts";
import { watchAnswers } from "./answer-notices.ts";

/** What this tab does: the connections that it opens, and what it marks and asks. */
const { connections, markTitle, unmarkTitle, notice } = vi.hoisted(() => ({
  connections: [] as NewsObserver[],
  markTitle: vi.fn((_: string) => {}),
  unmarkTitle: vi.fn((_?: string) => {}),
  notice: vi.fn(async () => ({ status: "complete" })),
}));
vi.mock("../chat/session/chat-news.ts", () => ({
  openHiddenNews: (observer: NewsObserver) => {
    connections.push(observer);
    return () => {};
  },
  applyNews: (news: ChatNews) => {
    if (news.type === "turn-ended") generatingChats.end(news.chatId, news.streamId);
  },
}));
vi.mock("../../lib/trpc.ts", () => ({ api: { notifications: { notice: { query: notice } } } }));
vi.mock("./title-mark.ts", () => ({ markTitle, unmarkTitle }));
vi.mock("./choice.ts", () => ({ readChoice: () => null }));

/** Holds the lock like another tab, until it is called. */
let releaseLock = () => {};
/** Another tab, and what it hears. */
let other: BroadcastChannel;
let heard: unknown[] = [];
let stop = () => {};

beforeEach(() => {
  const released = Promise.withResolvers<void>();
  releaseLock = released.resolve;
  const request = (_name: string, _options: unknown, hold: () => Promise<void>) =>
    released.promise.then(hold);
  vi.stubGlobal("navigator", { locks: { request } });
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "hidden" }));
  heard = [];
  other = new BroadcastChannel("alleato:answers:me");
  other.onmessage = ({ data }: MessageEvent) => heard.push(data);
});
afterEach(() => {
  stop();
  other.close();
  generatingChats.replace([]);
  connections.length = 0;
  for (const mock of [markTitle, unmarkTitle, notice]) mock.mockClear();
  vi.unstubAllGlobals();
});

/** This tab: hidden, with chat "a" on its page, whose answer is being written. */
function hideTab() {
  generatingChats.start("a", "turn");
  stop = watchAnswers("me", { shownChatId: () => "a", hiddenWith: [] });
}

/** The other tab tells something about chat "a". Waits until this tab has heard it. */
async function tellTab(type: "noticed" | "marked") {
  unmarkTitle.mockClear();
  other.postMessage({ type, chatId: "a" });
  other.postMessage({ type: "seen", chatId: "the last message" });
  await expect.poll(() => unmarkTitle.mock.calls).toEqual([["the last message"]]);
}

/** The answer of chat "a" ends while this tab watches. */
async function endAnswer(status: "complete" | "stopped") {
  await expect.poll(() => connections).toHaveLength(1);
  connections[0]?.onNews({ type: "snapshot", generatingChatIds: ["a"] });
  connections[0]?.onNews({ type: "turn-ended", chatId: "a", streamId: "turn", status });
}

it("does not follow an answer again that another tab has noticed", async () => {
  hideTab();
  await tellTab("noticed");
  releaseLock();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(connections).toEqual([]);
});

it("watches without a lock where the browser has none", async () => {
  vi.stubGlobal("navigator", {});
  hideTab();
  await endAnswer("complete");
  expect(markTitle).toHaveBeenCalledWith("a");
});

it("marks the title for an answer of its chat that another tab has marked", async () => {
  hideTab();
  await tellTab("noticed");
  expect(markTitle).not.toHaveBeenCalled();
  await tellTab("marked");
  expect(markTitle).toHaveBeenCalledWith("a");
});

it.each([
  ["complete", ["noticed", "marked"]],
  ["stopped", ["noticed"]],
] as const)("tells other tabs of a %s answer: %j", async (status, types) => {
  releaseLock();
  hideTab();
  await endAnswer(status);
  await expect.poll(() => heard).toEqual(types.map((type) => ({ type, chatId: "a" })));
  // A mark of a stopped answer would come after this.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard).toHaveLength(types.length);
  expect(markTitle).toHaveBeenCalledTimes(types.length - 1);
});

it("asks for no notice that nothing will show", async () => {
  releaseLock();
  hideTab();
  await endAnswer("complete");
  expect(markTitle).toHaveBeenCalledWith("a");
  expect(notice).not.toHaveBeenCalled();
});
