import { loginPath } from "../../../lib/next-path.ts";
import { getQueryUtils } from "../../../lib/trpc.ts";
import { changeChat } from "../../chats/chat-list-query.ts";
import { generatingChats } from "../../chats/news/generating-chats.ts";
import type { ChatEvents } from "./chat-state.ts";

/** Updates React Query's caches when something happens in a chat. Browser only. */
export const chatEvents: ChatEvents = {
  onTurnStarted(chatId, streamId) {
    generatingChats.start(chatId, streamId);
    // The chat is new in the list, or moves to its top.
    void getQueryUtils().chats.list.invalidate();
  },
  onTurnEnded(chatId, { streamId, isLost }) {
    // A turn that this page has lost may still be running.
    if (!isLost) generatingChats.end(chatId, streamId);
    const utils = getQueryUtils();
    void utils.chats.list.invalidate();
    void utils.chats.get.invalidate({ chatId });
    // Not refetched now, because the page has all messages. The next visit fetches them.
    void utils.messages.list.invalidate({ chatId }, { refetchType: "none" });
  },
  onTitle(chatId, title) {
    changeChat(chatId, { title });
  },
  onLoggedOut() {
    location.assign(loginPath(new URL(location.href)));
  },
};
