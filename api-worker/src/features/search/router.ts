import { chatSearchInput, chatSearchOutput } from "../../contracts/search.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { searchChats } from "./search-chats.ts";

/** Part of the router `chats`. */
export const searchRouter = router({
  /** Titles and messages of the viewer's chats that have all words of a query. */
  search: procedure.user
    .input(chatSearchInput)
    .output(chatSearchOutput)
    .query(({ ctx, input }) => searchChats(ownerOf(ctx), input)),
});
