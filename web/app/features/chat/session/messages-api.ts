import type { UIMessageChunk } from "ai";
import { isLeaving } from "../../../lib/session-change.ts";
import { api } from "../../../lib/trpc.ts";
import { followStarted, type StartedTurn } from "../../messages/stream/follow-started.ts";
import type { MessagesPort } from "../../messages/stream/messages-port.ts";

/** A response that takes longer than this, in ms, is treated as lost in the network. */
const answerWithinMs = 15_000;

/** The worker's `messages` procedures over HTTP, the stream as server-sent events. */
const port = followStarted({
  start({ kind, input }) {
    switch (kind) {
      case "send":
        return begin((options) => api.messages.send.mutate(input, options));
      case "continue":
        return begin((options) => api.messages.continue.mutate(input, options));
      case "regenerate":
        return begin((options) => api.messages.regenerate.mutate(input, options));
      case "approve":
        return begin((options) => api.messages.approve.mutate(input, options));
    }
  },
  subscribe(position, observer) {
    const subscription = api.messages.stream.subscribe(position, {
      onStarted: () => observer.onOpen(),
      // The worker stores what the AI SDK made, so the chunks have its types.
      onData: ({ id, data }) => observer.onEvent(id, data as UIMessageChunk[]),
      // The browser itself would retry after 3 seconds; the turn reader has better timing.
      onConnectionStateChange: ({ state, error }) => {
        if (state === "connecting" && error) observer.onError(error);
      },
      onError: (error) => observer.onError(error),
      onComplete: () => observer.onEnd(),
    });
    return () => subscription.unsubscribe();
  },
  async selectBranch(request) {
    await api.messages.selectBranch.mutate(request, soon());
  },
  async stop(turn) {
    await api.messages.stop.mutate(turn, soon());
  },
  list: (page) => api.messages.list.query(page, soon()),
});

/** The same for a page, whose connections end when the user changes the session. Browser only. */
export const messagesApi: MessagesPort = {
  ...port,
  subscribe: (position, observer) =>
    port.subscribe(position, {
      ...observer,
      onError: (error) => {
        if (!isLeaving()) observer.onError(error);
      },
    }),
};

/** Waits for the turn as for any response. Its answer, in the same response, may take longer. */
async function begin(
  start: (options: {
    signal: AbortSignal;
  }) => Promise<StartedTurn["turn"] & Pick<StartedTurn, "events">>,
): Promise<StartedTurn> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), answerWithinMs);
  try {
    const { events, ...turn } = await start({ signal: abort.signal });
    return { turn, events, close: () => abort.abort() };
  } finally {
    clearTimeout(timer);
  }
}

function soon(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(answerWithinMs) };
}
