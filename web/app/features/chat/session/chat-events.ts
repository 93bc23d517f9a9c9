import { checkSession } from "../../../lib/session-change.ts";
import { getQueryUtils } from "../../../lib/trpc.ts";
import { changeChat } from "../../chats/chat-list-query.ts";
import { generatingChats } from "../../chats/news/generating-chats.ts";
import { outdateChats } from "../../chats/outdate-chats.ts";
import { noteBegun } from "../new-chat/new-chat-id.ts";
import type { ChatEvents } from "./chat-state.ts";

/** Updates React Query's caches when something happens in a chat. Browser only. */
export const chatEvents: ChatEvents = {
  onTurnStarted(chatId, streamId) {
    noteBegun(chatId);
    generatingChats.start(chatId, streamId);
    // The chat is new in the list, or moves to its top.
    outdateChats(chatId);
  },
  onTurnEnded(chatId, { streamId, isLost }) {
    // A turn that this page has lost may still be running.
    if (!isLost) generatingChats.end(chatId, streamId);
    outdateChats(chatId);
  },
  onTitle(chatId, title) {
    changeChat(chatId, { title });
  },
  onModelRefused() {
    // The model menu still offers the refused model.
    void getQueryUtils().models.list.invalidate();
  },
  onLoggedOut(asker) {
    void checkSession(asker);
  },
};
