import { waitUntil } from "cloudflare:workers";
import { chatSearchInput, chatSearchOutput } from "../../contracts/search.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { searchChats } from "./search-chats.ts";
import { takeSearchPlace } from "./take-search-place.ts";

/** Part of the router `chats`. */
export const searchRouter = router({
  /** The viewer's titles, messages and documents that have all words of a query. */
  search: procedure.user
    .input(chatSearchInput)
    .output(chatSearchOutput)
    .query(async ({ ctx, input }) => {
      const free = takeSearchPlace(ctx);
      const found = searchChats(ownerOf(ctx), input).finally(free);
      // Ends and frees the place also when the client has left and the request is cancelled.
      waitUntil(found.catch(() => undefined));
      return await found;
    }),
});
