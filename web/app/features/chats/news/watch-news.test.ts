import type { ChatNews } from "api-worker/contracts/news";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type NewsObserver, watchNews } from "./watch-news.ts";

const snapshot: ChatNews = { type: "snapshot", generatingChatIds: [] };

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";

  show(visibilityState: DocumentVisibilityState) {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("removeEventListener", () => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setUp() {
  const connections: { observer: NewsObserver; isOpen: boolean }[] = [];
  const news: ChatNews[] = [];
  const end = watchNews(
    (observer) => {
      const connection = { observer, isOpen: true };
      connections.push(connection);
      return () => {
        connection.isOpen = false;
      };
    },
    (item) => news.push(item),
  );
  const open = () => connections.filter(({ isOpen }) => isOpen);
  const last = () => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("Nothing was opened.");
    return connection.observer;
  };
  return { connections, news, end, open, last };
}

describe("the connection for news", () => {
  it("passes news on, and reopens at once when the worker ends it", () => {
    const { connections, news, last, open } = setUp();
    last().onNews(snapshot);
    last().onEnd();
    expect(connections).toHaveLength(2);
    expect(open()).toHaveLength(1);
    last().onNews(snapshot);
    expect(news).toHaveLength(2);
  });

  it("is retried with growing delays, also when it ends without an event", async () => {
    const { connections, last, open } = setUp();
    last().onError();
    expect(open()).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections).toHaveLength(2);
    last().onEnd();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections).toHaveLength(3);
    last().onNews(snapshot);
    last().onError();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections).toHaveLength(4);
  });

  it("is open only while the page is visible", async () => {
    page.visibilityState = "hidden";
    const { connections, open, last } = setUp();
    expect(connections).toHaveLength(0);
    page.show("visible");
    expect(open()).toHaveLength(1);
    page.show("hidden");
    expect(open()).toHaveLength(0);
    last().onError();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections).toHaveLength(1);
    page.show("visible");
    expect(open()).toHaveLength(1);
  });

  it("reconnects at once when the page wakes up", async () => {
    const { connections, last } = setUp();
    for (let count = 0; count < 5; count += 1) {
      last().onError();
      await vi.advanceTimersByTimeAsync(30_000);
    }
    last().onError();
    const tries = connections.length;
    page.show("visible");
    expect(connections).toHaveLength(tries + 1);
  });

  it("ends when watching stops", async () => {
    const { connections, last, end, open, news } = setUp();
    end();
    last().onNews(snapshot);
    last().onError();
    page.show("visible");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open()).toHaveLength(0);
    expect(connections).toHaveLength(1);
    expect(news).toEqual([]);
  });
});
