import { chatForkInput, chatOutput } from "../../contracts/chats.ts";
import {
  chatExportInput,
  chatExportOutput,
  chatImportInput,
  chatImportOutput,
} from "../../contracts/transfer.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { exportChats } from "./export/export-chats.ts";
import { forkChat } from "./fork-chat.ts";
import { importChats } from "./import-chats.ts";

/** These procedures are merged into the router `chats`. */
export const transferRouter = router({
  /** Copies a branch of a chat that the viewer may read into a new chat of the viewer's own. */
  fork: procedure.user
    .input(chatForkInput)
    .output(chatOutput)
    .mutation(({ ctx, input }) => forkChat(ctx, input)),
  /** Exports one chat or all chats as a file, piece by piece. */
  export: procedure.user
    .input(chatExportInput)
    .output(chatExportOutput)
    .query(({ ctx, input }) => exportChats(ownerOf(ctx), input)),
  /** Imports the chats of a file. Existing chats stay. */
  import: procedure.user
    .input(chatImportInput)
    .output(chatImportOutput)
    .mutation(({ ctx, input }) => importChats(ctx, input)),
});
