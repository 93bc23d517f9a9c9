import type { OwnerContext } from "../../context.ts";
import { openStreamObject } from "../../platform/open-stream-object.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { deleteOpenStreams, listOpenStreams } from "./queries.ts";

/** The requests besides one for each stream: the list, and its rows. */
const otherRequests = 2;

/**
 * Ends as many open streams of an owner as a budget allows, and removes them from the owner's list.
 *
 * @returns whether none is left
 * @throws what D1 and the objects throw; a stream that was not ended is still in the list
 */
export async function deleteAllStreams(
  { env, content, userId }: OwnerContext,
  budget: RequestBudget,
): Promise<boolean> {
  const limit = budget.left - otherRequests;
  if (limit < 1) return false;
  budget.take(otherRequests);
  const paths = await listOpenStreams(content, userId, limit);
  budget.take(paths.length);
  await Promise.all(paths.map((path) => openStreamObject(env, { userId, path }).delete()));
  // An object without a live stream does not remove the row.
  await deleteOpenStreams(content, userId, paths);
  return paths.length < limit;
}
