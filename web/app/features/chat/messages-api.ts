import type { UIMessageChunk } from "ai";
import { api } from "../../lib/trpc.ts";
import type { MessagesPort } from "../messages/messages-port.ts";

/** The worker's `messages` procedures over HTTP, the stream as server-sent events. Browser only. */
export const messagesApi: MessagesPort = {
  send: (request) => api.messages.send.mutate(request),
  subscribe(position, observer) {
    const subscription = api.messages.stream.subscribe(position, {
      // The worker stores what the AI SDK made, so the chunks have its types.
      onStarted: () => observer.onOpen(),
      onData: ({ id, data }) => observer.onEvent(id, data as UIMessageChunk[]),
      // The browser would try again by itself, after 3 seconds; the reader knows better when.
      onConnectionStateChange: ({ state, error }) => {
        if (state === "connecting" && error) observer.onError(error);
      },
      onError: (error) => observer.onError(error),
      onComplete: () => observer.onEnd(),
    });
    return () => subscription.unsubscribe();
  },
  continue: (answer) => api.messages.continue.mutate(answer),
  async stop(turn) {
    await api.messages.stop.mutate(turn);
  },
  list: (page) => api.messages.list.query(page),
};
