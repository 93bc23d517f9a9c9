import { z } from "zod";
import {
  chatIdInput,
  chatListInput,
  chatListOutput,
  chatOutput,
  chatRenameInput,
} from "../../contracts/chats.ts";
import { chatNewsSchema } from "../../contracts/news.ts";
import { zIterable } from "../../platform/tracked-iterable.ts";
import { procedure, router } from "../../trpc.ts";
import { deleteAllChats, deleteChat, getChat, listChats, renameChat } from "./use-cases.ts";
import { watchChats } from "./watch-chats.ts";

export const chatsRouter = router({
  /** The viewer's chats, the last used first. */
  list: procedure.user
    .input(chatListInput)
    .output(chatListOutput)
    .query(({ ctx, input }) => listChats(ctx, input)),
  get: procedure.user
    .input(chatIdInput)
    .output(chatOutput)
    .query(({ ctx, input }) => getChat(ctx, input)),
  rename: procedure.user
    .input(chatRenameInput)
    .output(chatOutput)
    .mutation(({ ctx, input }) => renameChat(ctx, input)),
  /** Deletes a chat with its messages, and ends an answer that is under way. */
  delete: procedure.user
    .input(chatIdInput)
    .output(z.null())
    .mutation(({ ctx, input }) => deleteChat(ctx, input)),
  deleteAll: procedure.user
    .output(z.object({ deletedCount: z.number() }))
    .mutation(({ ctx }) => deleteAllChats(ctx)),
  /** What happens in the viewer's chats on any device, from now on; first a snapshot. */
  watch: procedure.user
    .output(zIterable(chatNewsSchema))
    .subscription(({ ctx, signal }) => watchChats(ctx, signal)),
});
