import type { StartedEvent } from "api-worker/contracts/messages";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followStarted, type StartedTurn } from "./follow-started.ts";
import type { TurnObserver, TurnPosition } from "./messages-port.ts";

const turn = { chatId: "chat-1", streamId: "turn-1", assistantMessageId: "answer-1" };
const position = { chatId: "chat-1", streamId: "turn-1" };
const request = { kind: "continue", input: { chatId: "chat-1", messageId: "answer-1" } } as const;
const event: StartedEvent = { id: "turn-1:0", chunks: [{ type: "start" }] };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A port whose next response is `events`; undefined for a response with the turn alone. */
function setUp(events: AsyncIterable<StartedEvent> | undefined) {
  const close = vi.fn();
  const subscribed: TurnPosition[] = [];
  const never = () => Promise.reject(new Error("This is not called."));
  const port = followStarted({
    start: async (): Promise<StartedTurn> => ({ turn, events, close }),
    subscribe: (wanted) => {
      subscribed.push(wanted);
      return () => undefined;
    },
    selectBranch: never,
    stop: never,
    list: never,
  });
  const heard: string[] = [];
  const observer: TurnObserver = {
    onOpen: () => heard.push("open"),
    onEvent: (id) => heard.push(id),
    onError: (error) => heard.push(`error ${error instanceof Error ? error.message : error}`),
    onEnd: () => heard.push("end"),
  };
  return { port, close, subscribed, heard, observer };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function* events(...items: StartedEvent[]): AsyncGenerator<StartedEvent> {
  yield* items;
}

test("the first reader of a turn reads from the response, and the next one subscribes", async () => {
  const { port, subscribed, heard, observer, close } = setUp(events(event));
  expect(await port.start(request)).toEqual(turn);
  port.subscribe(position, observer);
  expect(heard).toEqual([]);
  await settle();
  expect(heard).toEqual(["open", "turn-1:0", "end"]);
  expect(close).toHaveBeenCalledOnce();
  port.subscribe({ ...position, lastEventId: "turn-1:0" }, observer);
  port.subscribe(position, observer);
  expect(subscribed).toHaveLength(2);
});

test.each([
  ["another turn", { chatId: "chat-1", streamId: "turn-2" }],
  ["the live turn", { chatId: "chat-1" }],
  ["the middle of the turn", { ...position, lastEventId: "turn-1:3" }],
])("a reader of %s subscribes", async (_, wanted) => {
  const { port, subscribed, observer } = setUp(events(event));
  await port.start(request);
  port.subscribe(wanted, observer);
  expect(subscribed).toEqual([wanted]);
});

test("a response with the turn alone is followed by a subscription", async () => {
  const { port, subscribed, observer } = setUp(undefined);
  await port.start(request);
  port.subscribe(position, observer);
  expect(subscribed).toEqual([position]);
});

test("a response that breaks is an error, once", async () => {
  async function* breaking() {
    yield event;
    throw new Error("cut");
  }
  const { port, heard, observer } = setUp(breaking());
  await port.start(request);
  port.subscribe(position, observer);
  await settle();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(heard).toEqual(["open", "turn-1:0", "error cut"]);
});

test("a response that falls silent is left, and closed", async () => {
  async function* silent() {
    yield event;
    await new Promise(() => {});
  }
  const { port, heard, observer, close } = setUp(silent());
  await port.start(request);
  port.subscribe(position, observer);
  await vi.advanceTimersByTimeAsync(39_000);
  expect(heard).toEqual(["open", "turn-1:0"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(heard).toEqual(["open", "turn-1:0", "error undefined"]);
  expect(close).toHaveBeenCalledOnce();
});

test("a reader that leaves closes the response and hears nothing more", async () => {
  const { port, heard, observer, close } = setUp(events(event));
  await port.start(request);
  port.subscribe(position, observer)();
  await settle();
  expect(heard).toEqual([]);
  expect(close).toHaveBeenCalledOnce();
});

test("a response that is not read is closed: soon, and by the next one at once", async () => {
  const { port, close } = setUp(events(event));
  await port.start(request);
  await port.start(request);
  expect(close).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(close).toHaveBeenCalledTimes(2);
});
