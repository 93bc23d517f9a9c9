import {
  inspectInput,
  inspectMessagesInput,
  inspectMessagesOutput,
  inspectOutput,
  listAdminChatsInput,
  listAdminChatsOutput,
  openChatInput,
  openChatOutput,
  openSearchInput,
  searchPersonInput,
  searchPersonOutput,
  turnLogInput,
  turnLogOutput,
} from "../../../contracts/admin-chats.ts";
import { procedure, router } from "../../../trpc.ts";
import { inspectChat, inspectMessages, readTurnLog } from "./inspect-chat.ts";
import { listAdminChats } from "./list-chats.ts";
import { openChat } from "./open-chat.ts";
import { openSearch, searchPerson } from "./search-person.ts";

export const chatsRouter = router({
  /** The chats of all users, without their content. */
  list: procedure.admin
    .input(listAdminChatsInput)
    .output(listAdminChatsOutput)
    .query(({ ctx, input }) => listAdminChats(ctx, input)),
  /** Lets the administrator read a chat, and tells its owner. */
  open: procedure.admin
    .input(openChatInput)
    .output(openChatOutput)
    .mutation(({ ctx, input }) => openChat(ctx, input)),
  /** Lets the administrator search one person's chats by text, and tells the person. */
  openSearch: procedure.admin
    .input(openSearchInput)
    .output(openChatOutput)
    .mutation(({ ctx, input }) => openSearch(ctx, input)),
  search: procedure.admin
    .input(searchPersonInput)
    .output(searchPersonOutput)
    .query(({ ctx, input }) => searchPerson(ctx, input)),
  inspect: procedure.admin
    .input(inspectInput)
    .output(inspectOutput)
    .query(({ ctx, input }) => inspectChat(ctx, input)),
  messages: procedure.admin
    .input(inspectMessagesInput)
    .output(inspectMessagesOutput)
    .query(({ ctx, input }) => inspectMessages(ctx, input)),
  turnLog: procedure.admin
    .input(turnLogInput)
    .output(turnLogOutput)
    .query(({ ctx, input }) => readTurnLog(ctx, input)),
});
