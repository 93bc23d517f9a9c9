import { chatSearchInput, chatSearchOutput } from "../../contracts/search.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { searchChats } from "./search-chats.ts";
import { takeSearchPlace } from "./take-search-place.ts";

/** Part of the router `chats`. */
export const searchRouter = router({
  /** Titles and messages of the viewer's chats that have all words of a query. */
  search: procedure.user
    .input(chatSearchInput)
    .output(chatSearchOutput)
    .query(async ({ ctx, input }) => {
      const free = takeSearchPlace(ctx);
      try {
        return await searchChats(ownerOf(ctx), input);
      } finally {
        free();
      }
    }),
});
