import { expect, it } from "vitest";
import type { ChatNews } from "../../../contracts/news.ts";
import { NewsQueue, startWaitsMs } from "./news-queue.ts";

const chatId = "chat";
const started: ChatNews = { type: "turn-started", chatId, streamId: "turn" };
const titled: ChatNews = { type: "titled", chatId, title: "A title" };
const ended: ChatNews = { type: "turn-ended", chatId, streamId: "turn", status: "complete" };

/** A queue, with the news that it has sent and the timers that it waits for. */
function newQueue() {
  const sent: ChatNews[] = [];
  const timers = new Map<number, { readonly callback: () => void; readonly delayMs: number }>();
  let lastId = 0;
  const queue = new NewsQueue(async (_userId, news) => void sent.push(news), {
    now: () => 0,
    set: (callback, delayMs) => {
      lastId += 1;
      timers.set(lastId, { callback, delayMs });
      return lastId;
    },
    clear: (id) => timers.delete(id as number),
  });
  const publish = async (...news: ChatNews[]) => {
    for (const one of news) queue.publish("user", one);
    // One news item is sent after the other.
    await new Promise((resolve) => setTimeout(resolve));
    return sent;
  };
  return { publish, sent, timers };
}

it("sends the start of a turn after a while", async () => {
  const { publish, sent, timers } = newQueue();
  expect(await publish(started)).toEqual([]);
  const [timer] = timers.values();
  expect(timer?.delayMs).toBe(startWaitsMs);
  timer?.callback();
  await publish();
  expect(sent).toEqual([started]);
  expect(timers.size).toBe(0);
});

it("sends the start of a turn before any other news", async () => {
  const { publish, timers } = newQueue();
  await publish(started);
  expect(await publish(titled, ended)).toEqual([started, titled, ended]);
  expect(timers.size).toBe(0);
});

it("sends two starts in their order", async () => {
  const { publish } = newQueue();
  const next: ChatNews = { ...started, streamId: "next" };
  expect(await publish(started, next)).toEqual([started]);
  expect(await publish(ended)).toEqual([started, next, ended]);
});

it("sends other news at once", async () => {
  const { publish } = newQueue();
  expect(await publish(titled, ended)).toEqual([titled, ended]);
});
