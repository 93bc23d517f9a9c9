import type { UIMessageChunk } from "ai";
import type { SendOutput } from "api-worker/contracts";
import type { StartedEvent } from "api-worker/contracts/messages";
import type { MessagesPort, TurnObserver, TurnRequest } from "./messages-port.ts";

/** A turn whose answer follows in the response that started it. */
export interface StartedTurn {
  readonly turn: SendOutput;
  /** Left out by a worker that does not send them. */
  readonly events?: AsyncIterable<StartedEvent> | undefined;
  /** Closes the response. */
  readonly close: () => void;
}

/** A port whose requests respond with a turn and its answer. */
export type StartingPort = Omit<MessagesPort, "start"> & {
  start(request: TurnRequest): Promise<StartedTurn>;
};

/** A response that was silent for this long, in ms, is left for a subscription. */
const silentMaxMs = 40_000;
/** A response that is not read within this time, in ms, is closed. */
const unreadMaxMs = 10_000;

/**
 * Makes the first reader of a turn read from the response that started the turn, so that the first
 * word needs no second request. Every other reader subscribes.
 */
export function followStarted(port: StartingPort): MessagesPort {
  let unread: { readonly started: StartedTurn; readonly timer: Timer } | undefined;
  const take = (): StartedTurn | undefined => {
    clearTimeout(unread?.timer);
    const started = unread?.started;
    unread = undefined;
    return started;
  };
  return {
    ...port,
    async start(request) {
      const started = await port.start(request);
      take()?.close();
      unread = { started, timer: setTimeout(() => take()?.close(), unreadMaxMs) };
      return started.turn;
    },
    subscribe(position, observer) {
      const { turn } = unread?.started ?? {};
      const isFirst = turn?.streamId === position.streamId && position.lastEventId === undefined;
      const started = turn && isFirst ? take() : undefined;
      return started?.events
        ? readEvents(started.events, started.close, observer)
        : port.subscribe(position, observer);
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;

/** @returns a function that closes the response */
function readEvents(
  events: AsyncIterable<StartedEvent>,
  close: () => void,
  observer: TurnObserver,
): () => void {
  let isOpen = true;
  let timer: Timer | undefined;
  const end = () => {
    isOpen = false;
    clearTimeout(timer);
    close();
  };
  /** Ends once, and tells the observer how. */
  const endWith = (tell: () => void) => {
    if (!isOpen) return;
    end();
    tell();
  };
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => endWith(() => observer.onError(undefined)), silentMaxMs);
  };
  const read = async () => {
    // As with a subscription, everything comes after `subscribe` has returned.
    await Promise.resolve();
    if (!isOpen) return;
    observer.onOpen();
    listen();
    for await (const { id, chunks } of events) {
      if (!isOpen) return;
      listen();
      // The worker stores what the AI SDK made, so the chunks have its types.
      observer.onEvent(id, chunks as UIMessageChunk[]);
    }
  };
  read().then(
    () => endWith(() => observer.onEnd()),
    (error: unknown) => endWith(() => observer.onError(error)),
  );
  return end;
}
