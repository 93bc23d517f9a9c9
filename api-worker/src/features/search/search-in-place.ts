import { waitUntil } from "cloudflare:workers";
import type { z } from "zod";
import type { OwnerContext, UserContext } from "../../context.ts";
import type { chatSearchInput, chatSearchOutput } from "../../contracts/search.ts";
import { searchChats } from "./search-chats.ts";
import { takeSearchPlace } from "./take-search-place.ts";

/**
 * Searches the chats and documents of an owner, in a place among the searches of the viewer.
 *
 * @throws AppError INVALID for a cursor of another origin; RATE_LIMITED
 */
export async function searchInPlace(
  ctx: UserContext,
  owner: OwnerContext,
  input: z.infer<typeof chatSearchInput>,
): Promise<z.infer<typeof chatSearchOutput>> {
  const free = takeSearchPlace(ctx);
  const found = searchChats(owner, input).finally(free);
  // Ends and frees the place also when the client has left and the request is cancelled.
  waitUntil(found.catch(() => undefined));
  return await found;
}
