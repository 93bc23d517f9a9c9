import { loginPath } from "../../../lib/next-path.ts";
import { getQueryUtils } from "../../../lib/trpc.ts";
import { changeChat } from "../../chats/chat-list-query.ts";
import { generatingChats } from "../../chats/news/generating-chats.ts";
import type { ChatEvents } from "./chat-state.ts";

/** Keeps what React Query knows of chats in step with what happens in them. Browser only. */
export const chatEvents: ChatEvents = {
  onTurnStarted(chatId, streamId) {
    generatingChats.start(chatId, streamId);
    // The chat is new in the list, or moves to its top.
    void getQueryUtils().chats.list.invalidate();
  },
  onTurnEnded(chatId, { streamId, isLost }) {
    // One that this page has lost may go on.
    if (!isLost) generatingChats.end(chatId, streamId);
    const utils = getQueryUtils();
    void utils.chats.list.invalidate();
    void utils.chats.get.invalidate({ chatId });
    // Not fetched now: the page has it all. The next visit asks.
    void utils.messages.list.invalidate({ chatId }, { refetchType: "none" });
  },
  onTitle(chatId, title) {
    changeChat(chatId, { title });
  },
  onLoggedOut() {
    location.assign(loginPath(new URL(location.href)));
  },
};
