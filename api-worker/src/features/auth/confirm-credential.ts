import type { HomeDb } from "db";
import { loggedOut } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Credential } from "../../platform/user-object.ts";
import type { Viewer } from "../../viewer.ts";
import { findSessionEnd, findTokenEnd } from "./queries.ts";
import { sessionEndOf } from "./session/session.ts";

/**
 * Reads again whether a session or token of the viewer is good, for what goes on after the request
 * was authenticated.
 *
 * @param credential the viewer's own, or the one that has replaced it in the same browser
 * @returns when it expires, in epoch milliseconds; null for a token that does not, and for the
 *   ticket of a guest before the first message
 * @throws AppError UNAUTHENTICATED when it has ended
 */
export async function confirmCredential(
  home: HomeDb,
  viewer: Pick<Viewer, "userId" | "ticket">,
  credential: Credential,
): Promise<number | null> {
  const [kind = "", id = ""] = credential.split(":");
  const isToken = kind === "token";
  const key = { userId: viewer.userId, id };
  const found = await (isToken ? findTokenEnd(home, key) : findSessionEnd(home, key));
  if (!found && viewer.ticket) return null;
  if (!found || found.disabledAt !== null) throw loggedOut();
  const { createdAt, expiresAt, isGuest } = found;
  if (createdAt === null) throw loggedOut();
  const endsAt =
    isToken || expiresAt === null ? expiresAt : sessionEndOf({ createdAt, expiresAt, isGuest });
  if (endsAt !== null && endsAt <= systemClock()) throw loggedOut();
  return endsAt;
}
