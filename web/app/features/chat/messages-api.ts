import type { UIMessageChunk } from "ai";
import { api } from "../../lib/trpc.ts";
import type { MessagesPort } from "../messages/messages-port.ts";

/** The worker's `messages` procedures over HTTP, the stream as server-sent events. Browser only. */
export const messagesApi: MessagesPort = {
  send: (request) => api.messages.send.mutate(request),
  subscribe(position, observer) {
    const subscription = api.messages.stream.subscribe(position, {
      // The worker stores what the AI SDK made, so the chunks have its types.
      onData: ({ id, data }) => observer.onEvent(id, data as UIMessageChunk[]),
      onError: (error) => observer.onError(error),
      onComplete: () => observer.onEnd(),
    });
    return () => subscription.unsubscribe();
  },
  async stop(turn) {
    await api.messages.stop.mutate(turn);
  },
  list: (page) => api.messages.list.query(page),
};
