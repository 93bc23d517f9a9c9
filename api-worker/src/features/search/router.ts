import { chatSearchInput, chatSearchOutput } from "../../contracts/search.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { searchInPlace } from "./search-in-place.ts";

/** Part of the router `chats`. */
export const searchRouter = router({
  /** The viewer's titles, messages and documents that have all words of a query. */
  search: procedure.user
    .input(chatSearchInput)
    .output(chatSearchOutput)
    .query(({ ctx, input }) => searchInPlace(ctx, ownerOf(ctx), input)),
});
