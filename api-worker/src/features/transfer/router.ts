import { chatForkInput, chatOutput } from "../../contracts/chats.ts";
import {
  chatExportInput,
  chatExportOutput,
  chatImportInput,
  chatImportOutput,
} from "../../contracts/transfer.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { exportChats } from "./export-chats.ts";
import { forkChat } from "./fork-chat.ts";
import { importChats } from "./import-chats.ts";

/** Part of the router `chats`. */
export const transferRouter = router({
  /** Copies a branch of a chat that one may read into a new chat of one's own. */
  fork: procedure.user
    .input(chatForkInput)
    .output(chatOutput)
    .mutation(({ ctx, input }) => forkChat(ctx, input)),
  /** A chat or all as a file, a piece at a time. */
  export: procedure.user
    .input(chatExportInput)
    .output(chatExportOutput)
    .query(({ ctx, input }) => exportChats(ownerOf(ctx), input)),
  /** Chats of a file, beside those that are there. */
  import: procedure.user
    .input(chatImportInput)
    .output(chatImportOutput)
    .mutation(({ ctx, input }) => importChats(ctx, input)),
});
