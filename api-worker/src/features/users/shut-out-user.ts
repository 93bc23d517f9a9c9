import type { OwnerContext } from "../../context.ts";
import { endEverything } from "../auth/session/end-access.ts";
import { dropPublicReaders } from "../chats/sharing/set-visibility.ts";
import { stopAllTurns } from "../messages/stop-all-turns.ts";

/**
 * Ends all that a disabled user has under way: the sessions and API tokens, so that they do not come
 * back when the user is enabled again; the readers of the user's shared chats, which are hidden from
 * now on; and the answers in progress, which cost money. Safe to call again.
 */
export async function shutOutUser(owner: OwnerContext): Promise<void> {
  await endEverything(owner, owner.userId);
  await dropPublicReaders(owner);
  await stopAllTurns(owner);
}
