import type { OwnerContext } from "../../context.ts";
import { systemClock } from "../../platform/clock.ts";
import { endEverything } from "../auth/session/end-access.ts";
import { dropPublicReaders } from "../chats/sharing/set-visibility.ts";
import { setDisabled } from "./queries.ts";

/**
 * Disables a user: ends the sessions and API tokens, so that they do not come back when the user is
 * enabled again, and disconnects the readers of the user's shared chats, which are hidden from now
 * on. Answers in progress go on to their end. Safe to call again.
 */
export async function disableUser(owner: OwnerContext): Promise<void> {
  await setDisabled(owner.home, owner.userId, systemClock());
  await endEverything(owner, owner.userId);
  await dropPublicReaders(owner);
}
