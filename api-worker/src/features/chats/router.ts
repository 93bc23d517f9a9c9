import { z } from "zod";
import {
  chatIdInput,
  chatListInput,
  chatListOutput,
  chatOutput,
  chatPinInput,
  chatRenameInput,
  chatViewOutput,
  chatVisibilityInput,
} from "../../contracts/chats.ts";
import { chatNewsSchema, watchInput } from "../../contracts/news.ts";
import { ownerOf } from "../../owner-context.ts";
import { zIterable } from "../../platform/tracked-iterable.ts";
import { procedure, router } from "../../trpc.ts";
import { deleteAllChats, deleteChat } from "./deletion/delete-chats.ts";
import { listChats } from "./list-chats.ts";
import { getChat, refuseChange } from "./readable-chat.ts";
import { setChatVisibility } from "./sharing/set-visibility.ts";
import { pinChat, renameChat } from "./update-chat.ts";
import { watchChats } from "./watch-chats.ts";

export const chatsRouter = router({
  /** Lists the viewer's chats, last used first. Pinned chats are a list of their own. */
  list: procedure.user
    .input(chatListInput)
    .output(chatListOutput)
    .query(({ ctx, input }) => listChats(ownerOf(ctx), input)),
  /** Returns one of the viewer's own chats, or a public one to any caller. */
  get: procedure.public
    .input(chatIdInput)
    .output(chatViewOutput)
    .query(({ ctx, input }) => getChat(ctx, input)),
  rename: procedure.user
    .input(chatRenameInput)
    .output(chatOutput)
    .mutation(
      async ({ ctx, input }) =>
        (await renameChat(ownerOf(ctx), input)) ?? refuseChange(ctx, input.chatId),
    ),
  pin: procedure.user
    .input(chatPinInput)
    .output(chatOutput)
    .mutation(
      async ({ ctx, input }) =>
        (await pinChat(ownerOf(ctx), input)) ?? refuseChange(ctx, input.chatId),
    ),
  /**
   * `public`: anyone with the address can read the chat. `private`: only its owner, from now on.
   */
  setVisibility: procedure.user
    .input(chatVisibilityInput)
    .output(chatOutput)
    .mutation(
      async ({ ctx, input }) =>
        (await setChatVisibility(ownerOf(ctx), input)) ?? refuseChange(ctx, input.chatId),
    ),
  /** Deletes a chat with its messages, and ends its live answer. */
  delete: procedure.user
    .input(chatIdInput)
    .output(z.null())
    .mutation(async ({ ctx, input }) =>
      (await deleteChat(ownerOf(ctx), input)) ? null : refuseChange(ctx, input.chatId),
    ),
  deleteAll: procedure.user
    .output(z.object({ deletedCount: z.number() }))
    .mutation(({ ctx }) => deleteAllChats(ownerOf(ctx))),
  /** News of the viewer's chats from any device. Starts with a snapshot. */
  watch: procedure.user
    .input(watchInput)
    .output(zIterable(chatNewsSchema))
    .subscription(({ ctx, input, signal }) => watchChats(ctx, input?.isHidden ?? false, signal)),
});
